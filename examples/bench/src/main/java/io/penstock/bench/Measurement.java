package io.penstock.bench;

import io.penstock.event.EpochCompleted;
import io.penstock.examples.MemoryUse;
import io.penstock.launch.job.TrainingResult;
import io.penstock.link.LinkStats;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.train.ActionTime;
import io.penstock.train.RankTimes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * What one run of one configuration took.
 *
 * @param startMillis from the call to the first action on any rank: checks, the job's launch, the
 *     way of the rows
 * @param rowsPerSecond after the first pass over the data, updates and all
 * @param loss of the last pass over the data, per row
 * @param stepMillis of a step, from its first action to its last, without the update
 * @param updateMillis what a step takes besides: the update, and turning to the next
 * @param meanMillis from one step to the next, over all warm epochs and all that lies between
 * @param bubble the share of the executors' time in which they did not compute
 * @param kindMillis time in each kind of action, in the last step, over all executors
 * @param waitMillis time the actions of the last step waited for their input, over all executors
 * @param linkBytes bytes sent in a step
 * @param exchangeBeside the share of the gradients from other replicas that came beside the
 *     backward, in warm epochs; empty without replicas
 * @param heapBytesPerStep what a step leaves on the heap, of the rank that leaves most; NaN where
 *     the JVM does not count
 * @param heapBytes the most heap that an executor used
 * @param offHeapBytes the most other memory that an executor used
 * @param gcMillis time in the garbage collector, over all executors and the whole run
 * @param chosen the plan that schedule auto chose; empty without it
 */
record Measurement(
    double startMillis,
    double rowsPerSecond,
    double loss,
    double stepMillis,
    double updateMillis,
    double meanMillis,
    double bubble,
    Map<ActionKind, Double> kindMillis,
    double waitMillis,
    double linkBytes,
    OptionalDouble exchangeBeside,
    double heapBytesPerStep,
    double heapBytes,
    double offHeapBytes,
    double gcMillis,
    Optional<String> chosen) {
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * Of a run of two epochs or more; the first is left out where time is measured.
   *
   * @param called when it was called, in milliseconds since 1970
   * @param before the executors' memory before it
   * @param after and after it
   */
  static Measurement of(
      Work work,
      TrainingResult run,
      long called,
      Map<Long, MemoryUse> before,
      Map<Long, MemoryUse> after) {
    List<EpochCompleted> warm = run.epochs().subList(1, run.epochs().size());
    double rowsPerSecond = Median.of(warm, EpochCompleted::rowsPerSecond);
    double stepMillis =
        Median.of(
            LongStream.of(run.stepNanos())
                .skip(work.steps())
                .mapToDouble(nanos -> nanos / NANOS_PER_MILLI)
                .toArray());
    long[] starts = run.stepStarts();
    int last = starts.length - 1;
    double meanMillis =
        (starts[last] - starts[work.steps()]) / NANOS_PER_MILLI / (last - work.steps());
    double whole = 1e3 * work.rows() / work.steps() / rowsPerSecond;
    List<ActionTime> actions = run.lastStep().stream().flatMap(List::stream).toList();
    Map<ActionKind, Double> kinds = new EnumMap<>(ActionKind.class);
    actions.forEach(
        action ->
            kinds.merge(
                action.parsed().kind(),
                (action.endNanos() - action.startNanos()) / NANOS_PER_MILLI,
                Double::sum));
    List<MemoryUse> used =
        run.processes().stream().distinct().map(after::get).filter(Objects::nonNull).toList();
    return new Measurement(
        starts[0] / NANOS_PER_MILLI - called,
        rowsPerSecond,
        warm.get(warm.size() - 1).loss(),
        stepMillis,
        Math.max(0, whole - stepMillis),
        meanMillis,
        Median.of(warm, EpochCompleted::bubble),
        kinds,
        actions.stream()
            .mapToDouble(a -> (a.startNanos() - a.readyNanos()) / NANOS_PER_MILLI)
            .sum(),
        run.traffic().stream().mapToDouble(LinkStats::bytesSent).sum() / run.stepNanos().length,
        EpochCompleted.exchangeBeside(warm),
        Median.of(warm, Measurement::heapOfRank) / work.steps(),
        used.stream().mapToLong(MemoryUse::heapBytes).max().orElse(0),
        used.stream().mapToLong(MemoryUse::offHeapBytes).max().orElse(0),
        used.stream()
            .mapToLong(
                use ->
                    use.gcMillis()
                        - (before.containsKey(use.pid()) ? before.get(use.pid()).gcMillis() : 0))
            .sum(),
        run.choice().map(choice -> text(choice.best().request())));
  }

  private static String text(ScheduleRequest plan) {
    return plan.id() + "," + plan.microBatches() + "_micro-batches";
  }

  private static double heapOfRank(EpochCompleted epoch) {
    return epoch.ranks().stream()
        .map(RankTimes::heapBytes)
        .mapToDouble(bytes -> bytes == null ? Double.NaN : bytes)
        .max()
        .orElse(Double.NaN);
  }
}
