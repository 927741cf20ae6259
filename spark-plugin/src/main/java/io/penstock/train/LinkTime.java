package io.penstock.train;

import java.io.Serializable;

/**
 * How long a frame travels between two ranks: {@code latency + bytes / bytesPerSecond}.
 *
 * @param latency seconds of the smallest frame, from the call that sends it until the thread that
 *     waits for it has it: what the sender spends on it, the way, and the waking of every thread on
 *     it, the receiver's own among them
 * @param bytesPerSecond what a large frame adds to it; infinite where size does not matter
 */
public record LinkTime(double latency, double bytesPerSecond) implements Serializable {}
