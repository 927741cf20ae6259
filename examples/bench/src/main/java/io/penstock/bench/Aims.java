package io.penstock.bench;

import io.penstock.examples.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * What the reference work is to reach, against what was measured beside it in the same run. An aim
 * whose two sides were not both measured is left out.
 *
 * @param report what was measured
 */
record Aims(Report report) {
  private static final int MICRO_BATCHES = 8;
  private static final double MOST_HEAP_BYTES = 10 << 10;

  /**
   * What a work is to reach, as shares of the machine's limit and of PyTorch's rates; NaN where
   * there is no such aim.
   *
   * @param oneOverLimit one stage, of one core
   * @param oneOverPlain one stage, of one thread
   * @param twoOverLimit two processes, of two cores
   * @param twoOverPipeline two processes, of the best pipeline
   * @param twoOverPlain two processes, of two threads
   */
  private record Shares(
      double oneOverLimit,
      double oneOverPlain,
      double twoOverLimit,
      double twoOverPipeline,
      double twoOverPlain) {}

  private static final double NONE = Double.NaN;

  private static final Map<String, Shares> WANTED =
      Map.of(
          "W0", new Shares(NONE, 0.5, NONE, NONE, NONE),
          "W1", new Shares(0.85, 1, 0.72, 1.25, 1),
          "W2", new Shares(NONE, 1, NONE, 1.2, 1),
          "W3", new Shares(NONE, 1, NONE, NONE, 1));

  /** A line for each aim, {@code met=yes} or {@code met=no}. */
  List<Result> lines() {
    Shares wanted = WANTED.get(report.work().name());
    if (wanted == null) {
      return List.of();
    }
    List<Result> lines = new ArrayList<>();
    OptionalDouble one = best(own -> own.executors() == 1 && own.has(MICRO_BATCHES));
    OptionalDouble two =
        report.executors().equals("processes")
            ? best(own -> own.stages() == 2 && own.replicas() == 1)
            : OptionalDouble.empty();
    OptionalDouble pipeline = bestPeer(Torch::isPipeline);
    add(lines, "one_stage_over_limit", one, limit(1), wanted.oneOverLimit);
    add(lines, "one_stage_over_pytorch", one, plain(1), wanted.oneOverPlain);
    add(lines, "two_processes_over_limit", two, limit(2), wanted.twoOverLimit);
    add(lines, "two_processes_over_pytorch_pipeline", two, pipeline, wanted.twoOverPipeline);
    add(lines, "two_processes_over_pytorch", two, plain(2), wanted.twoOverPlain);
    OptionalDouble whole = best(own -> own.executors() == 1 && own.has(1));
    add(lines, "one_micro_batch_over_eight", whole, one, 1);
    heap(lines);
    return lines;
  }

  private OptionalDouble best(Predicate<Configuration> is) {
    return report.runs().keySet().stream().filter(is).mapToDouble(report::rate).max();
  }

  private OptionalDouble plain(int threads) {
    return bestPeer(peer -> peer.name().equals(Torch.plain(threads)));
  }

  private OptionalDouble bestPeer(Predicate<Peer> is) {
    return report.peers().keySet().stream().filter(is).mapToDouble(report::rate).max();
  }

  /** Rows per second at the rate of the limit; empty where the machine has fewer cores. */
  private OptionalDouble limit(int cores) {
    return report.limit().cores().contains(cores)
        ? OptionalDouble.of(report.limit().onCores(cores).gigaflops() / report.gigaflops(1))
        : OptionalDouble.empty();
  }

  private void add(
      List<Result> lines, String aim, OptionalDouble own, OptionalDouble against, double wanted) {
    if (own.isEmpty() || against.isEmpty() || Double.isNaN(wanted)) {
      return;
    }
    double ratio = own.getAsDouble() / against.getAsDouble();
    lines.add(
        line(aim)
            .with("rows_per_s", Math.round(own.getAsDouble()))
            .with("against", Math.round(against.getAsDouble()))
            .with("ratio", ratio)
            .with("wanted", wanted)
            .with("met", ratio >= wanted ? "yes" : "no")
            .with("computes_with", report.computesWith()));
  }

  private void heap(List<Result> lines) {
    double most =
        report.runs().values().stream()
            .mapToDouble(runs -> Median.of(runs, Measurement::heapBytesPerStep))
            .max()
            .orElse(NONE);
    if (!Double.isNaN(most)) {
      lines.add(
          line("heap_bytes_per_step")
              .with("bytes", Math.round(most))
              .with("wanted", Math.round(MOST_HEAP_BYTES))
              .with("met", most <= MOST_HEAP_BYTES ? "yes" : "no")
              .with("computes_with", report.computesWith()));
    }
  }

  private Result line(String aim) {
    return new Result()
        .with("work", report.work().name())
        .with("aim", aim)
        .with("executors", report.executors());
  }
}
