package io.penstock.event;

import io.penstock.Amount;
import io.penstock.balance.Payoff;
import java.util.Locale;

/**
 * Advice on the number of executors: whether a plan's pay, in words with the arithmetic. Immutable.
 * It tells of a step on them and on one, what a micro-batch computes and what handing it over
 * takes, and from which size on they would pay.
 *
 * @param payoff by simulation, of a plan on two executors or more
 * @param measured whether layers and link were measured on the executors; else all is guessed from
 *     the network's description
 * @param taken whether the plan is one on a single executor, chosen for this reason
 */
public record Advice(Payoff payoff, boolean measured, boolean taken) {
  /** Makes advice on a plan that runs on the executors it is about. */
  public Advice(Payoff payoff, boolean measured) {
    this(payoff, measured, false);
  }

  @Override
  public String toString() {
    if (payoff.oneSeconds().isEmpty()) {
      return of(
          "%s are needed: one cannot hold all layers in its native memory. %s",
          new Amount(payoff.ranks(), "executor"), parts());
    }
    double one = payoff.oneSeconds().getAsDouble();
    String head =
        of(
            "%s %s: a step takes %s on them and %s on one, %s. %s",
            new Amount(payoff.ranks(), "executor"),
            payoff.pays() ? "pay" : "do not pay",
            millis(payoff.seconds()),
            millis(one),
            source(),
            parts());
    return payoff.pays() ? head + since() : head + from() + (taken ? "So one is taken." : todo());
  }

  private String source() {
    return measured
        ? "simulated with layers and links as measured on the executors"
        : "a guess from the layers' numbers of operations for a core of 90 GFLOP/s (explain and"
            + " schedule auto measure it)";
  }

  private String parts() {
    double rows = (double) payoff.batchSize() / payoff.microBatches();
    String compute =
        of(
            "A micro-batch of %s computes for %s in all, forward and backward",
            rows == Math.rint(rows) ? new Amount((long) rows, "row") : of("%,.1f rows", rows),
            millis(payoff.microBatchSeconds()));
    return payoff.handOvers() == 0
        ? compute + " and is never handed over. "
        : of(
            "%s; a hand-over from executor to executor takes %s and keeps either from computing for"
                + " %s, and it is handed over %s. ",
            compute,
            millis(payoff.handOverSeconds()),
            millis(payoff.busySeconds()),
            new Amount(payoff.handOvers(), "time"));
  }

  private String since() {
    return payoff.leastBatch().isPresent() && payoff.leastBatch().getAsInt() < payoff.batchSize()
        ? of(
            "They pay from mini-batches of %s on.",
            new Amount(payoff.leastBatch().getAsInt(), "row"))
        : "";
  }

  private String from() {
    String most =
        of("at best %.2f times as quick as one, by the cut and the schedule", payoff.bestFactor());
    if (payoff.leastBatch().isEmpty() && payoff.leastWidth().isEmpty()) {
      return of("They would not with larger mini-batches or wider layers either (%s). ", most);
    }
    if (payoff.leastBatch().isEmpty()) {
      return of("They would pay %s, but not with larger mini-batches alone (%s). ", wider(), most);
    }
    String larger =
        of(
            "They would pay from mini-batches of about %s on (%s)",
            new Amount(payoff.leastBatch().getAsInt(), "row"),
            new Amount(payoff.microBatches(), "micro-batch"));
    return payoff.leastWidth().isEmpty()
        ? of("%s, but not with wider layers alone (%s). ", larger, most)
        : of("%s, or %s (%s). ", larger, wider(), most);
  }

  private String wider() {
    return of("with hidden layers about %.1f times as wide", payoff.leastWidth().getAsDouble());
  }

  private static String todo() {
    return "Set numStages to 1, or to 0 with schedule auto, which takes as many as pay.";
  }

  private static String millis(double seconds) {
    return of("%.3f ms", 1e3 * seconds);
  }

  private static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
