package io.penstock.train;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * Measured time of one layer for one micro-batch, alone on its rank. Immutable.
 *
 * @param layer index in the network, from 0
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
