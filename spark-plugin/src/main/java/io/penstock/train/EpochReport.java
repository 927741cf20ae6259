package io.penstock.train;

import java.io.Serializable;

/**
 * What one rank says of one epoch.
 *
 * @param rank the rank that says it
 * @param epoch counted from 0
 * @param rows rows trained on
 * @param lossSum the sum of the rows' losses, on the rank that has the last layer; 0 elsewhere
 * @param weight what that sum counts for, in rows or labels (see {@link
 *     io.penstock.nn.Loss#weight}); 0 elsewhere
 * @param busyNanos time spent computing
 * @param wallNanos time from the epoch's first action to its last update
 * @param validation what was measured on the validation rows after that, on the rank that has the
 *     last layer; null elsewhere, and where there are none
 */
public record EpochReport(
    int rank,
    int epoch,
    long rows,
    double lossSum,
    double weight,
    long busyNanos,
    long wallNanos,
    Validation validation)
    implements Serializable {}
