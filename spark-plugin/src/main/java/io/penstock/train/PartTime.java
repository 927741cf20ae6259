package io.penstock.train;

import java.io.Serializable;

/**
 * Moment of a part of a layer's gradient on its way from a replica to the one that sums it: on the
 * rank that sends it, when it was handed to the link; on the one that sums it, when it was there.
 * Immutable.
 *
 * @param layer of the network
 * @param fromRank that sends it
 * @param toRank that sums it
 * @param bytes of its numbers
 * @param nanos the moment, in nanoseconds of the wall clock since 1970, as of {@link ActionTime}; 0
 *     for a part that was waited for, in its last microseconds
 */
public record PartTime(int layer, int fromRank, int toRank, long bytes, long nanos)
    implements Serializable {}
