package io.penstock.event;

/**
 * Forecast of a run by simulation of its plan: step time, bubble and advice. Immutable.
 *
 * @param stepSeconds of a step, from its start to the next one's; null where no executor was
 *     measured beforehand, which schedule {@code auto} does
 * @param bubble the share of the ranks' time in which they wait, 0 to 1; without a measurement,
 *     from the layers' numbers of operations, and links that take no time
 * @param advice whether its executors pay, in words: see {@link Advice}; null with one executor,
 *     and in event logs from before it was told
 */
public record Forecast(Double stepSeconds, double bubble, String advice) {}
