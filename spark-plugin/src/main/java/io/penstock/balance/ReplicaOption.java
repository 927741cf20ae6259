package io.penstock.balance;

import io.penstock.Amount;
import java.util.List;
import java.util.Locale;

/**
 * Option for executors at hand: so many replicas of a plan, with the prediction by simulation.
 * Immutable.
 *
 * @param replicas copies of all stages
 * @param choice of the plan of each, for its share of a mini-batch
 * @param prediction of a step with the exchange of gradients
 * @param order the number of each rank's executor in the profile, replica by replica; empty for
 *     any, where all compute alike
 */
public record ReplicaOption(
    int replicas, Choice choice, Prediction prediction, List<Integer> order) {
  /** Copies the list. */
  public ReplicaOption {
    order = List.copyOf(order);
  }

  /** Returns how many executors it takes. */
  public int executors() {
    return replicas * ranks();
  }

  private int ranks() {
    return choice.best().request().ranks();
  }

  /** Returns the option in words: executors, step time and plan. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s x %s: %.3f ms a step, %s each",
        new Amount(replicas, "replica"),
        new Amount(ranks(), "executor"),
        1e3 * prediction.seconds(),
        choice.best());
  }
}
