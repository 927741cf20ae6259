package io.penstock.feed;

/**
 * Rows of the epoch that make one micro-batch. Immutable.
 *
 * @param start the position of its first row in the {@link EpochOrder}, from 0
 * @param rows how many rows it has
 */
public record MicroBatchRange(long start, int rows) {}
