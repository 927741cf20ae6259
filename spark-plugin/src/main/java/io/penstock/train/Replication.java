package io.penstock.train;

import io.penstock.Amount;
import java.io.Serializable;
import java.util.Locale;

/**
 * Data parallelism of a plan: how many replicas of all stages there are, and in which groups the
 * gradients of a mini-batch are summed. Immutable.
 *
 * <p>Gradients are summed in ascending order of the micro-batches within a group, and then in
 * ascending order of the groups. Each replica does one group; a single replica that does as many
 * groups as others are replicas learns the same, bit for bit.
 *
 * @param replicas copies of all stages, each of which trains on its share of every mini-batch's
 *     micro-batches
 * @param gradientGroups groups of micro-batches; as many as there are replicas, where there are
 *     several
 * @param shardsOptimizer whether each layer's optimizer state lies on one replica only, which
 *     updates the layer for all (ZeRO stage 1, Rajbhandari et al. 2020, arXiv 1910.02054; here by
 *     whole layers)
 */
public record Replication(int replicas, int gradientGroups, boolean shardsOptimizer)
    implements Serializable {
  /** One replica and one group. */
  public static final Replication NONE = new Replication(1, 1, false);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is below 1, or several replicas do not have as many
   *     groups
   */
  public Replication {
    if (replicas < 1 || gradientGroups < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "numReplicas is %d and gradientGroups %d; both are 1 or more.",
              replicas,
              gradientGroups));
    }
    if (replicas > 1 && gradientGroups != replicas) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "gradientGroups is %d, but each of %s (numReplicas) sums one group. Set"
                  + " gradientGroups to %d, or leave it out.",
              gradientGroups,
              new Amount(replicas, "replica"),
              replicas));
    }
  }

  /** Returns replicas that each do one group. */
  public static Replication of(int replicas) {
    return new Replication(replicas, replicas, false);
  }

  /** Returns one replica that sums in groups, as so many replicas would. */
  public static Replication groups(int gradientGroups) {
    return new Replication(1, gradientGroups, false);
  }

  /** Returns this with optimizer state that lies on one replica only, or on all. */
  public Replication withShardedOptimizer(boolean sharded) {
    return new Replication(replicas, gradientGroups, sharded);
  }

  /** Returns whether one rank sums several groups itself. */
  boolean sumsGroups() {
    return replicas == 1 && gradientGroups > 1;
  }
}
