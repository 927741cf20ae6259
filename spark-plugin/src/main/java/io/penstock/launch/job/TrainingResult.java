package io.penstock.launch.job;

import io.penstock.Amount;
import io.penstock.balance.Choice;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.event.EpochCompleted;
import io.penstock.event.StepMeasured;
import io.penstock.launch.cluster.RankArithmetic;
import io.penstock.link.LinkStats;
import io.penstock.schedule.draw.Timeline;
import io.penstock.train.ActionTime;
import io.penstock.train.PartTime;
import io.penstock.train.RankResult;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Result of a run: weights, losses and times of its steps, epochs, and traffic. Not to be changed
 * once made; then any thread may read it.
 *
 * @param weights of the network: in memory or, of a large network, in files of the session, which
 *     are deleted when the application ends
 * @param stepLosses the mean loss of a row in every step, NaN where nothing in it counts. Of more
 *     than 16,384 steps, here and below the newest
 * @param stepNanos duration of every step since the run last went on: from the first action's start
 *     on any rank to the last action's end on any, in nanoseconds. Between machines it is as exact
 *     as their clocks agree
 * @param stepStarts when the first action of each of these steps started on any rank, in
 *     nanoseconds of the wall clock
 * @param epochs the events that were posted, one after each epoch; of more than 65,536 epochs, the
 *     newest
 * @param lastStep times of the last step's compute actions, by rank
 * @param lastParts moments of the parts of gradients that went between replicas in the last step,
 *     by rank, each when it was handed to the link or was there; empty without replicas
 * @param processes the ids of the processes that the ranks ran in
 * @param peakActivations by rank, the most activations held at one time, each of one stage and
 *     micro-batch
 * @param traffic of the links, by rank, in frames and bytes
 * @param bestEpoch the epoch, from 0, whose weights these are, where validation rows told it; empty
 *     where they are those of the last epoch
 * @param choice of the plan, with its alternatives; empty if the plan was not left open
 * @param skippedSteps how many steps of all epochs were skipped for bad numbers
 * @param arithmetic processor and kernels of every rank's process, in words, by rank
 */
public record TrainingResult(
    NetworkWeights weights,
    double[] stepLosses,
    long[] stepNanos,
    long[] stepStarts,
    List<EpochCompleted> epochs,
    List<List<ActionTime>> lastStep,
    List<List<PartTime>> lastParts,
    List<Long> processes,
    List<Integer> peakActivations,
    List<LinkStats> traffic,
    OptionalInt bestEpoch,
    Optional<Choice> choice,
    long skippedSteps,
    List<String> arithmetic) {

  static TrainingResult of(
      List<RankResult> ranks,
      NetworkWeights weights,
      List<EpochCompleted> epochs,
      long skippedSteps,
      List<String> arithmetic) {
    double[] losses =
        ranks.stream()
            .map(RankResult::stepLosses)
            .filter(some -> some.length > 0)
            .findFirst()
            .orElse(new double[0]);
    return new TrainingResult(
        weights,
        losses,
        stepNanos(ranks),
        IntStream.range(0, ranks.get(0).stepStarts().length)
            .mapToLong(step -> start(ranks, step))
            .toArray(),
        epochs,
        ranks.stream().map(RankResult::lastStep).toList(),
        ranks.stream().map(RankResult::lastParts).toList(),
        ranks.stream().map(RankResult::pid).toList(),
        ranks.stream().map(RankResult::peakActivations).toList(),
        ranks.stream().map(RankResult::traffic).toList(),
        ranks.stream().mapToInt(RankResult::bestEpoch).filter(epoch -> epoch >= 0).findFirst(),
        Optional.empty(),
        skippedSteps,
        List.copyOf(arithmetic));
  }

  /** Returns this result with the choice of its plan. */
  public TrainingResult withChoice(Optional<Choice> made) {
    return new TrainingResult(
        weights,
        stepLosses,
        stepNanos,
        stepStarts,
        epochs,
        lastStep,
        lastParts,
        processes,
        peakActivations,
        traffic,
        bestEpoch,
        made,
        skippedSteps,
        arithmetic);
  }

  /**
   * Returns the arithmetic of the run's processes, in one line: processor, oneDNN's instruction
   * set, OpenBLAS's kernels, threads. Where they differ, each with its ranks.
   */
  public String computesWith() {
    return RankArithmetic.words(arithmetic);
  }

  /**
   * Returns the median time from the start of a step to the start of the next, in seconds, on the
   * rank that starts first; of one step alone, how long that took. NaN where a run went on from a
   * checkpoint behind its last step, so that no step was done.
   */
  public double medianStepSeconds() {
    long[] sorted =
        stepStarts.length < 2
            ? stepNanos.clone()
            : IntStream.range(1, stepStarts.length)
                .mapToLong(step -> stepStarts[step] - stepStarts[step - 1])
                .toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2] / 1e9;
  }

  /** Returns the number of epochs that were done. */
  public int epochsDone() {
    return epochs.get(epochs.size() - 1).epoch() + 1;
  }

  /** Returns the rows trained on per second, over all epochs, without the time of validation. */
  public double rowsPerSecond() {
    double rows = epochs.stream().mapToDouble(EpochCompleted::rows).sum();
    return rows / epochs.stream().mapToDouble(EpochCompleted::seconds).sum();
  }

  /** Returns the share of the ranks' time in training in which they did not compute, 0 to 1. */
  public double bubble() {
    return overEpochs(EpochCompleted::bubble);
  }

  /**
   * Returns the share of the gradients from other replicas, in bytes, that was there when the
   * backward of the rank that sums them was over, 0 to 1: the all-reduce's first half, as far as it
   * went beside the backward. Empty without replicas.
   */
  public OptionalDouble exchangeBeside() {
    return EpochCompleted.exchangeBeside(epochs);
  }

  /** Returns, by rank, the share of its time in training in which it computed, 0 to 1. */
  public List<Double> busyShares() {
    return IntStream.range(0, processes.size())
        .mapToObj(rank -> overEpochs(epoch -> epoch.busy().get(rank)))
        .toList();
  }

  private double overEpochs(ToDoubleFunction<EpochCompleted> share) {
    double time =
        epochs.stream().mapToDouble(one -> share.applyAsDouble(one) * one.seconds()).sum();
    return time / epochs.stream().mapToDouble(EpochCompleted::seconds).sum();
  }

  /** Returns the predicted step time against the measured one, in words; empty without choice. */
  public Optional<String> prediction() {
    return choice.map(
        made ->
            String.format(
                Locale.ROOT,
                "Step time predicted %.3f ms, measured %.3f ms (median of %s)",
                1e3 * made.predictedSeconds(),
                1e3 * medianStepSeconds(),
                new Amount(stepNanos.length, "step")));
  }

  /**
   * Returns the last step for a drawing, in milliseconds from its first action's start.
   *
   * @param title what to write above it; may be empty
   */
  public Timeline timeline(String title) {
    return StepMeasured.timeline(title, lastStep);
  }

  private static long[] stepNanos(List<RankResult> ranks) {
    long[] nanos = new long[ranks.get(0).stepStarts().length];
    for (int i = 0; i < nanos.length; i++) {
      int step = i;
      long end = ranks.stream().mapToLong(rank -> rank.stepEnds()[step]).max().orElseThrow();
      nanos[step] = end - start(ranks, step);
    }
    return nanos;
  }

  private static long start(List<RankResult> ranks, int step) {
    return ranks.stream().mapToLong(rank -> rank.stepStarts()[step]).min().orElseThrow();
  }
}
