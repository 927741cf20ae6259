/**
 * Rows of a DataFrame become micro-batches, in an order that follows from the rows' content and the
 * seed alone: not from the number of partitions, executors or stages, nor from the order of rows.
 *
 * <p>The way of a row: {@link io.penstock.feed.FeatureColumns} says where it is, {@link
 * io.penstock.feed.Feed} packs it into blocks and moves them to the two ends of the pipeline in one
 * shuffle, {@link io.penstock.feed.Stores} keeps it there in canonical order, and {@link
 * io.penstock.feed.BatchReader} reads it back in each {@link io.penstock.feed.EpochOrder}.
 *
 * <p>A row has a fixed number of features, or it is a sequence of ids of any length up to the
 * network's. Blocks, stores and their file hold a sequence as it is, its length with it; a
 * micro-batch is padded with -1 to its longest row only, features and labels alike: both ends know
 * every length, so they agree without a word. An empty sequence is refused, since nothing can be
 * learnt from it, and so is one longer than the network's input: what of it may be lost is the
 * user's to say. A label is the number of a class, one number, several, or an id for every id of a
 * sequence: see {@link io.penstock.feed.LabelKind}.
 *
 * <p>A row's weight, where there is a column of them, is one more float behind its label. It is no
 * part of what the order follows from: other weights leave every row in its place.
 *
 * <p>Rows are looked at where the query left them, in Spark's own binary rows or, where a service
 * has its columns, in those: see {@link io.penstock.feed.QueryColumns}. Both are packed by the same
 * code, so that the bytes are the same.
 *
 * <p>Rows that a {@link io.penstock.feed.ValidationColumn} holds back go the same way into stores
 * of their own: see {@link io.penstock.feed.SplitStores}.
 */
package io.penstock.feed;
