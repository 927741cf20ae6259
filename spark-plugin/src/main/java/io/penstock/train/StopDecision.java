package io.penstock.train;

/**
 * Decision of early stopping on an epoch. Immutable.
 *
 * @param better whether the epoch is the best so far
 * @param last whether the run ends with it, though more were planned
 */
record StopDecision(boolean better, boolean last) {}
