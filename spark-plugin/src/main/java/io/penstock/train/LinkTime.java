package io.penstock.train;

import java.io.Serializable;

/**
 * How long a frame travels between two ranks: {@code latency + bytes / bytesPerSecond}.
 *
 * @param latency seconds of the smallest frame
 * @param bytesPerSecond what a large frame adds to it; infinite where size does not matter
 */
public record LinkTime(double latency, double bytesPerSecond) implements Serializable {}
