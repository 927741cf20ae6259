package io.penstock.train;

import java.io.Serializable;

/**
 * Validation after an epoch: the loss and a metric on the validation rows. Immutable.
 *
 * @param rows how many there are
 * @param loss the network's loss, its mean over what it counts
 * @param metric the name of the metric that goes with the loss: see {@link io.penstock.nn.Metric}
 * @param value the metric
 */
public record Validation(long rows, double loss, String metric, double value)
    implements Serializable {}
