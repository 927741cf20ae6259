package io.penstock.bench;

import io.penstock.examples.Result;
import io.penstock.schedule.ActionKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleFunction;

/**
 * What was measured, in medians and in ratios to what was measured beside it.
 *
 * @param work what was done
 * @param executors {@code threads} or {@code processes}
 * @param computesWith what the executors compute with
 * @param limit what the cores can do
 * @param configurations all that were to run, in their order
 * @param runs the runs of those that did
 * @param stopped those that were too slow
 * @param peers every peer's runs
 */
record Report(
    Work work,
    String executors,
    String computesWith,
    GemmLimit limit,
    List<Configuration> configurations,
    Map<Configuration, List<Measurement>> runs,
    Map<Configuration, Stopped> stopped,
    Map<Peer, List<Peer.Run>> peers) {
  private static final double MEBI = 1 << 20;

  /** One line for the machine, for each configuration, each peer and each aim. */
  List<Result> lines() {
    List<Result> lines = new ArrayList<>();
    lines.add(limitLine());
    for (Configuration each : configurations) {
      lines.add(stopped.containsKey(each) ? stoppedLine(each) : line(each));
    }
    peers.keySet().forEach(peer -> lines.add(line(peer)));
    lines.addAll(new Aims(this).lines());
    return lines;
  }

  private Result limitLine() {
    Result line = new Result().with("work", work.name()).with("limit", "gemm_2048");
    for (int cores : limit.cores()) {
      String on = cores == 1 ? "" : "_on_" + cores;
      line.with("gflops" + on, limit.onCores(cores).gigaflops())
          .with("limit" + on + "_by", limit.onCores(cores).library());
    }
    limit.onOneCore().forEach(line::with);
    return line.with("micro_batch", limit.shape())
        .with("micro_batch_gflops", limit.ofMicroBatch().gigaflops())
        .with("micro_batch_by", limit.ofMicroBatch().library())
        .with("computes_with", computesWith);
  }

  private Result begun(Configuration own) {
    return new Result()
        .with("work", work.name())
        .with("replicas", own.replicas())
        .with("stages", own.stages())
        .with("schedule", own.schedule())
        .with("micro_batches", own.microBatchesText())
        .with("cut", own.cut().name().toLowerCase(Locale.ROOT))
        .with("recompute", own.recompute().id())
        .with("offload", own.offload())
        .with("checkpoint_steps", own.checkpointSteps())
        .with("link_precision", own.linkPrecision().id())
        .with("executors", executors);
  }

  private Result stoppedLine(Configuration own) {
    Stopped when = stopped.get(own);
    return begun(own)
        .with("stopped", "too_slow")
        .with("rows_per_s_at_most", when.rowsPerSecond())
        .with("rest_rows_per_s", Math.round(when.rest()))
        .with("times_slower", when.rest() / when.rowsPerSecond())
        .with("computes_with", computesWith);
  }

  private Result line(Configuration own) {
    List<Measurement> measured = runs.get(own);
    double rate = rate(own);
    GemmLimit.Best cores = limit.ofStages(own.executors());
    Result line =
        begun(own)
            .with("repeats", measured.size())
            .with("start_ms", Math.round(Median.of(measured, Measurement::startMillis)))
            .with("rows_per_s", Math.round(rate))
            .with("loss", Median.of(measured, Measurement::loss))
            .with("gflops", gigaflops(rate))
            .with("gemm_share", gigaflops(rate) / cores.gigaflops())
            .with("limit_by", cores.library())
            .with(
                "micro_batch_gemm_share",
                gigaflops(rate) / (own.executors() * limit.ofMicroBatch().gigaflops()))
            .with("bubble", Median.of(measured, Measurement::bubble))
            .with("step_ms", Median.of(measured, Measurement::stepMillis))
            .with("update_ms", Median.of(measured, Measurement::updateMillis))
            .with("mean_ms", Median.of(measured, Measurement::meanMillis));
    other(own, Configuration::isWithoutCheckpoints)
        .ifPresent(one -> line.with("checkpoint_cost", checkpointCost(measured, runs.get(one))));
    chosen(measured).ifPresent(plans -> line.with("chosen", plans));
    TreeSet<ActionKind> kinds = new TreeSet<>();
    measured.forEach(one -> kinds.addAll(one.kindMillis().keySet()));
    for (ActionKind kind : kinds) {
      List<Measurement> having =
          measured.stream().filter(one -> one.kindMillis().containsKey(kind)).toList();
      line.with(kind + "_ms", Median.of(having, one -> one.kindMillis().get(kind)));
    }
    line.with("wait_ms", Median.of(measured, Measurement::waitMillis))
        .with("link_bytes_per_step", Math.round(Median.of(measured, Measurement::linkBytes)))
        .with("peak_heap_mib", mebibytes(measured, Measurement::heapBytes))
        .with("peak_off_heap_mib", mebibytes(measured, Measurement::offHeapBytes))
        .with("gc_ms", Math.round(Median.of(measured, Measurement::gcMillis)));
    if (own.replicas() > 1) {
      line.with(
          "exchange_beside", Median.of(measured, one -> one.exchangeBeside().orElse(Double.NaN)));
    }
    double heapBytes = Median.of(measured, Measurement::heapBytesPerStep);
    if (!Double.isNaN(heapBytes)) {
      line.with("heap_bytes_per_step", Math.round(heapBytes));
    }
    if (own.executors() > 1) {
      other(own, Configuration::isOnOneStage)
          .ifPresent(
              one -> {
                line.with("speedup", rate / rate(one));
                own.ideal()
                    .ifPresent(
                        ideal ->
                            line.with("efficiency", rate / (own.executors() * rate(one) * ideal)));
              });
      other(own, Configuration::isUnpipelined)
          .ifPresent(one -> line.with("over_unpipelined", rate / rate(one)));
    }
    return line.with("computes_with", computesWith);
  }

  /** What a step takes longer with checkpoints, round by round: the machine's pace drifts. */
  private static double checkpointCost(List<Measurement> with, List<Measurement> without) {
    List<Double> costs = new ArrayList<>();
    for (int round = 0; round < Math.min(with.size(), without.size()); round++) {
      costs.add(with.get(round).meanMillis() / without.get(round).meanMillis() - 1);
    }
    return Median.of(costs, Double::doubleValue);
  }

  /** What schedule auto chose, which measures anew in every round; empty without it. */
  private static Optional<String> chosen(List<Measurement> measured) {
    return measured.stream()
        .flatMap(one -> one.chosen().stream())
        .distinct()
        .reduce((some, another) -> some + "|" + another);
  }

  private Result line(Peer peer) {
    double rate = rate(peer);
    double best = runs.keySet().stream().mapToDouble(this::rate).max().orElse(Double.NaN);
    return new Result()
        .with("work", work.name())
        .with("peer", peer.name())
        .with("what", peer.what())
        .with("blas", peers.get(peer).get(0).blas())
        .with("repeats", peers.get(peer).size())
        .with("rows", peer.rows(work))
        .with("rows_per_s", Math.round(rate))
        .with("gflops", gigaflops(rate))
        .with("gemm_share", gigaflops(rate) / limit.ofStages(peer.cores()).gigaflops())
        .with("penstock_over_it", best / rate)
        .with("computes_with", ComputesWith.processor() + "," + peers.get(peer).get(0).blas());
  }

  private Optional<Configuration> other(
      Configuration own, BiPredicate<Configuration, Configuration> is) {
    return runs.keySet().stream()
        .filter(other -> !other.equals(own) && is.test(own, other))
        .findFirst();
  }

  /** Rows per second of a configuration that ran. */
  double rate(Configuration configuration) {
    return Median.of(runs.get(configuration), Measurement::rowsPerSecond);
  }

  /** Rows per second of a peer. */
  double rate(Peer peer) {
    return Median.of(peers.get(peer), Peer.Run::rowsPerSecond);
  }

  /** GFLOP/s of the work at so many rows per second. */
  double gigaflops(double rowsPerSecond) {
    return rowsPerSecond * work.flopsOfRow() / 1e9;
  }

  private static long mebibytes(
      Collection<Measurement> measured, ToDoubleFunction<Measurement> bytes) {
    return Math.round(Median.of(measured, bytes) / MEBI);
  }
}
