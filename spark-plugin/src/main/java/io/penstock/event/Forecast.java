package io.penstock.event;

/**
 * What a run is expected to take, by simulation of its plan.
 *
 * @param stepSeconds from step to step; null where no executor was measured beforehand, which
 *     schedule {@code auto} does
 * @param bubble the share of the ranks' time in which they wait, 0 to 1; without a measurement,
 *     from the layers' numbers of operations, and links that take no time
 * @param advice whether its executors pay, in words: see {@link Advice}; null with one executor,
 *     and in event logs from before it was told
 */
public record Forecast(Double stepSeconds, double bubble, String advice) {}
