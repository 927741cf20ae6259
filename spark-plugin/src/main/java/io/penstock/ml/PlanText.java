package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.balance.Cut;
import io.penstock.nn.network.Sequential;
import io.penstock.train.TrainingPlan;
import java.util.Locale;
import java.util.Set;

/** A plan in words: the schedule, its options, and for every stage its executor and layers. */
record PlanText(TrainingPlan plan) {
  @Override
  public String toString() {
    Sequential network = plan.network();
    Cut cut = plan.cut();
    Set<Integer> recomputed = plan.schedule().recomputedStages();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "schedule %s: %s on %s, mini-batches of %s in %s%s%n",
            plan.schedule().name(),
            replicas() + new Amount(plan.stages(), "stage"),
            new Amount(plan.ranks(), "executor"),
            new Amount(plan.batchSize(), "row"),
            new Amount(plan.microBatches(), "micro-batch"),
            plan.retention().words()));
    new PlanOptions(plan).lines().forEach(option -> text.append(option).append('\n'));
    for (int stage = 0; stage < plan.stages(); stage++) {
      long weights = 0;
      StringBuilder layers = new StringBuilder();
      for (int layer = cut.first(stage); layer < cut.end(stage); layer++) {
        weights += network.owner(layer) == layer ? network.parameterCount(layer) : 0;
        layers.append(String.format(Locale.ROOT, "  %d %s%n", layer, network.layers().get(layer)));
      }
      text.append(
          String.format(
              Locale.ROOT,
              "stage %d on executor %d, %s%s:%n",
              stage,
              plan.schedule().rankOf(stage),
              new Amount(weights, "weight"),
              recomputed.contains(stage) ? ", recomputed" : ""));
      text.append(layers);
    }
    return text.toString();
  }

  private String replicas() {
    int replicas = plan.replication().replicas();
    return replicas == 1 ? "" : new Amount(replicas, "replica") + " of ";
  }
}
