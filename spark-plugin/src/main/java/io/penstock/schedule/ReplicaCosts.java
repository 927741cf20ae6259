package io.penstock.schedule;

import io.penstock.Amount;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Costs of keeping replicas equal: gradients are summed over replicas and the sums, or the updated
 * weights, come back. Each replica sums one part for all, so that each way a rank sends, and gets,
 * all of its gradients but its own part. Immutable.
 *
 * @param replicas copies of all stages
 * @param gradientBytes by stage, the size of its gradients
 * @param link cost of what a rank exchanges with all others, one frame after the other
 */
public record ReplicaCosts(int replicas, List<Double> gradientBytes, LinkCost link) {
  /** One replica, which has nothing to exchange. */
  public static final ReplicaCosts NONE = new ReplicaCosts(1, List.of(), LinkCost.FREE);

  /**
   * Copies the list and checks the numbers.
   *
   * @throws IllegalArgumentException if there is no replica or a size is negative or not finite
   */
  public ReplicaCosts {
    Objects.requireNonNull(link, "link");
    gradientBytes = List.copyOf(gradientBytes);
    if (replicas < 1 || !gradientBytes.stream().allMatch(b -> b >= 0 && Double.isFinite(b))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s with gradients of %s: give at least one, and sizes of 0 or more",
              new Amount(replicas, "replica"),
              gradientBytes));
    }
  }

  /** Returns what a stage's rank sends each way. */
  double bytes(int stage) {
    return replicas == 1 ? 0 : gradientBytes.get(stage) * (replicas - 1) / replicas;
  }
}
