package io.penstock.balance;

import java.util.List;
import java.util.Locale;

/**
 * Choice of how many replicas of how many stages: the best option, and all that it was chosen from.
 * Immutable.
 *
 * @param best the chosen one
 * @param options fewest executors first
 */
public record ReplicaChoice(ReplicaOption best, List<ReplicaOption> options) {
  /** Copies the list. */
  public ReplicaChoice {
    options = List.copyOf(options);
  }

  /** Returns the choice of each replica's plan, predicted with the exchange of gradients. */
  public Choice plan() {
    return best.choice().predicting(best.prediction());
  }

  /** Returns a table of the options, as lines of text to print. */
  public String table() {
    StringBuilder text = new StringBuilder("replicas x executors, each with its best plan:\n");
    for (ReplicaOption option : options) {
      text.append(option.equals(best) ? "* " : "  ").append(option).append('\n');
    }
    text.append(
        String.format(
            Locale.ROOT,
            "chosen: the least step time, where more executors make a step quicker by %.0f %%\n",
            100 * Chooser.WORTH));
    return text.append(plan().table()).toString();
  }
}
