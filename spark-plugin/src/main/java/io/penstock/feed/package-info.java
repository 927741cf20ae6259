/**
 * Rows of a DataFrame become micro-batches, in an order that follows from the rows' content and the
 * seed alone: not from the number of partitions, executors or stages, nor from the order of rows.
 *
 * <p>The way of a row: {@link io.penstock.feed.FeatureColumns} says where it is, {@link
 * io.penstock.feed.Feed} packs it into blocks and moves them to the two ends of the pipeline in one
 * shuffle, {@link io.penstock.feed.Stores} keeps it there in canonical order, and {@link
 * io.penstock.feed.BatchReader} reads it back in each {@link io.penstock.feed.EpochOrder}.
 */
package io.penstock.feed;
