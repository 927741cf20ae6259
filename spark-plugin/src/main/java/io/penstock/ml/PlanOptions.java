package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.compute.ComputePrecision;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.schedule.Offloading;
import io.penstock.train.BadNumbers;
import io.penstock.train.Replication;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Options of a plan, in words: what it does beside its schedule and cut that no plan does by
 * default, each under the name of its param.
 */
record PlanOptions(TrainingPlan plan) {
  /** Returns a line for each option that is taken; none where all are at their defaults. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (Offloading.offloads(plan.schedule())) {
      lines.add("offload: inputs of recomputed stages wait on disk, not in memory");
    }
    replication(lines);
    if (plan.linkPrecision() != LinkPrecision.FLOAT32) {
      lines.add("linkPrecision: " + plan.linkPrecision().id() + ", which rounds at every cut");
    }
    if (plan.computePrecision() != ComputePrecision.FLOAT32) {
      lines.add(
          "computePrecision: "
              + plan.computePrecision().id()
              + ", which rounds the factors of every product");
    }
    SplitOutput.in(Sequential.fromWire(plan.networkJson()))
        .map(SplitOutput::blocks)
        .ifPresent(
            blocks ->
                lines.add(
                    "outputBlocks: output projection in "
                        + new Amount(blocks, "block")
                        + " of columns"));
    if (plan.badNumbers() == BadNumbers.SKIP) {
      lines.add("onBadNumbers: skip, after which all executors look at a step before its update");
    }
    return List.copyOf(lines);
  }

  private void replication(List<String> lines) {
    Replication replication = plan.replication();
    int replicas = replication.replicas();
    if (replication.shardsOptimizer()) {
      lines.add(
          replicas == 1
              ? "shardOptimizer: of no effect with one replica"
              : "shardOptimizer: each layer's optimizer state lies on one of "
                  + new Amount(replicas, "replica")
                  + "; a stage's is of the one with most");
    }
    if (replication.gradientGroups() > 1) {
      lines.add(
          "gradientGroups: gradients are summed in "
              + new Amount(replication.gradientGroups(), "group")
              + " of micro-batches, then over them"
              + (replicas == 1 ? "" : ", a group a replica"));
    }
  }
}
