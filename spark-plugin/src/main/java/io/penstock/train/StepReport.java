package io.penstock.train;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * Report on the progress of an epoch, by the rank that has the last layer. Immutable.
 *
 * @param epoch counted from 0
 * @param step steps of this epoch that are done
 * @param steps of an epoch
 * @param rows of this epoch trained on so far
 * @param loss mean loss of a row in the last step; NaN where nothing in it counts
 * @param seconds since the epoch began on that rank
 */
@Internal
public record StepReport(int epoch, int step, int steps, long rows, double loss, double seconds)
    implements Serializable {}
