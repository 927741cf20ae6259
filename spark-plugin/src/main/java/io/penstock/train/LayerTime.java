package io.penstock.train;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * How long one layer takes for one micro-batch, alone on its rank.
 *
 * @param layer index in the network
 * @param rows rows of the micro-batch
 * @param forward seconds of the forward
 * @param input seconds of the input-gradient half of the backward
 * @param weight seconds of the weight-gradient half
 * @param update seconds of the update of its weights, once a step
 */
@Internal
public record LayerTime(
    int layer, int rows, double forward, double input, double weight, double update)
    implements Serializable {}
