package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.Bytes;
import io.penstock.balance.Payoff;
import io.penstock.balance.Prediction;
import io.penstock.event.Advice;
import io.penstock.event.LayerPlan;
import io.penstock.event.PlanOutline;
import io.penstock.event.StagePlan;
import io.penstock.launch.cluster.Findings;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.schedule.Schedule;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Plan of a fit that has not begun: the stages with their layers and memory, and the predicted step
 * time and bubble. Printed, it is a table. Immutable, so any thread may read it.
 *
 * @param schedule the order of the stages' work, on a replica's share of a mini-batch
 * @param replicas of all stages, on executors of their own
 * @param batchSize rows of a mini-batch
 * @param outputBlocks blocks of columns that the output projection is split into; 1 if it is whole
 * @param options what the plan does that none does by default, such as offload, each in words under
 *     its param's name
 * @param retention of what ranks could make again: as much as fits
 * @param stages first to last
 * @param neededBytes bytes of native memory that the executor that needs most will take, as the
 *     check before the job counts them: what the stages hold, and copies of weights besides
 * @param prediction by layers and links measured on the executors; empty if {@code findings} are
 *     not, for then nothing could be measured
 * @param payoff whether the executors pay, by the same measurement, or why schedule auto chose one
 *     though it could have taken more; empty with one that was asked for, or if nothing was
 *     measured
 * @param findings what the check before the job finds wrong with the cluster, each with what to do;
 *     empty if nothing is
 * @param devices what the stages compute on, in words: GPUs, or the CPU and why
 * @param arithmetic what the executors compute with, in words: processor, oneDNN's instruction set,
 *     OpenBLAS's kernels, threads; where they differ, each
 */
public record Explanation(
    Schedule schedule,
    int replicas,
    int batchSize,
    int outputBlocks,
    List<String> options,
    Retention retention,
    List<StagePlan> stages,
    long neededBytes,
    Optional<Prediction> prediction,
    Optional<Payoff> payoff,
    List<String> findings,
    String devices,
    String arithmetic) {
  private static final double MEBI = 1 << 20;

  /** Copies the lists. */
  public Explanation {
    options = List.copyOf(options);
    stages = List.copyOf(stages);
    findings = List.copyOf(findings);
  }

  static Explanation of(
      TrainingPlan plan,
      long neededBytes,
      Optional<Prediction> prediction,
      Findings found,
      Optional<Payoff> payoff) {
    return new Explanation(
        plan.schedule(),
        plan.replication().replicas(),
        plan.batchSize(),
        SplitOutput.in(Sequential.fromWire(plan.networkJson())).map(SplitOutput::blocks).orElse(1),
        new PlanOptions(plan).lines(),
        plan.retention(),
        PlanOutline.stages(plan),
        neededBytes,
        prediction,
        payoff,
        found.problems(),
        found.devices(),
        found.arithmetic());
  }

  /** Returns the rows that the prediction lets through a second. */
  public Optional<Double> rowsPerSecond() {
    return prediction.map(of -> batchSize / of.seconds());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s on %s%s: %s of a mini-batch of %s%s%n",
            schedule.name(),
            replicas == 1 ? "" : new Amount(replicas, "replica") + " of ",
            new Amount(schedule.ranks().size(), "executor"),
            new Amount(replicas * schedule.microBatches(), "micro-batch"),
            new Amount(batchSize, "row"),
            retention.words()));
    text.append(
        "  stage  executor  parameters  state MiB  activations MiB  in flight  recomputed "
            + " layers\n");
    for (StagePlan stage : stages) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %5d  %8d  %,10d  %9.2f  %15.2f  %9d  %10s  %d: %s%n",
              stage.index(),
              stage.rank(),
              stage.parameters(),
              stage.stateBytes() / MEBI,
              stage.activationBytes() / MEBI,
              stage.inFlight(),
              stage.recomputed() ? "yes" : "-",
              stage.layers().get(0).index(),
              stage.layers().stream().map(LayerPlan::kind).collect(Collectors.joining(", "))));
    }
    options.forEach(option -> text.append(option).append('\n'));
    text.append("native memory: at most ")
        .append(new Bytes(neededBytes).up())
        .append(" on an executor, with copies of weights\n");
    prediction.ifPresent(
        of ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "predicted: %.3f ms a step (%,.0f rows/s), bubble %.1f %%%n",
                    1e3 * of.seconds(),
                    rowsPerSecond().orElseThrow(),
                    100 * of.bubble())));
    payoff.ifPresent(
        of -> text.append(new Advice(of, true, schedule.ranks().size() == 1)).append('\n'));
    text.append("computes ").append(devices).append('\n').append(arithmetic).append('\n');
    text.append(
        findings.isEmpty() ? "the cluster can carry it\n" : "the cluster cannot carry it:\n");
    findings.forEach(finding -> text.append("- ").append(finding).append('\n'));
    return text.toString();
  }
}
