package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.compute.ComputeDevice;

/**
 * Device and arithmetic of a rank, as {@link RankDevice#ready} finds them on its executor.
 * Immutable.
 *
 * @param arithmetic of the rank, which others are told
 * @param device for its arrays and operations
 */
@Internal
public record RankCompute(RankArithmetic arithmetic, ComputeDevice device) {}
