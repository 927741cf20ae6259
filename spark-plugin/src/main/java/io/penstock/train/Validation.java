package io.penstock.train;

import java.io.Serializable;

/**
 * What was measured on the validation rows after an epoch.
 *
 * @param rows how many there are
 * @param loss the network's loss, its mean over what it counts
 * @param metric the name of the metric that goes with the loss: see {@link io.penstock.nn.Metric}
 * @param value the metric
 */
public record Validation(long rows, double loss, String metric, double value)
    implements Serializable {}
