package io.penstock.train;

/**
 * What is found of an epoch.
 *
 * @param better whether it is the best so far
 * @param last whether the run ends with it, though more were planned
 */
record StopDecision(boolean better, boolean last) {}
