package io.penstock.train;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * Measured time of a frame between two ranks, {@code latency + bytes / bytesPerSecond}, and the
 * processor time it takes from each of them meanwhile. Immutable.
 *
 * @param latency seconds of the smallest frame, from the call that sends it until the thread that
 *     waits for it has it: what the sender spends on it, the way, and the waking of every thread on
 *     it, the receiver's own among them
 * @param bytesPerSecond bandwidth, by which a large frame adds to it; infinite where size does not
 *     matter
 * @param busy seconds of processor time that the smallest frame takes at either end: of the rank's
 *     own thread, of the link's threads, and for the frame's confirmation. Where all cores compute
 *     it is time in which they do not
 */
@Internal
public record LinkTime(double latency, double bytesPerSecond, double busy)
    implements Serializable {}
