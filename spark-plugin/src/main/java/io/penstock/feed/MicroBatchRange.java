package io.penstock.feed;

/**
 * A micro-batch's place in the epoch.
 *
 * @param start the position of its first row in the {@link EpochOrder}
 * @param rows how many rows it has
 */
public record MicroBatchRange(long start, int rows) {}
