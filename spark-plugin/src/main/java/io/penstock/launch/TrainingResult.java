package io.penstock.launch;

import io.penstock.schedule.Timeline;
import io.penstock.train.ActionTime;
import io.penstock.train.RankResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run ends with.
 *
 * @param weights by layer of the network, the parameters in one flat array each
 * @param stepLosses the mean loss of a row in every step
 * @param stepNanos how long every step took: from the first action's start on any rank to the last
 *     action's end on any, in nanoseconds. Between machines it is as exact as their clocks agree
 * @param epochs what was posted after each epoch
 * @param lastStep by rank, when the compute actions of the last step ran
 * @param processes the ids of the processes that the ranks ran in
 * @param peakActivations by rank, the most activations held at one time, each of one stage and
 *     micro-batch
 */
public record TrainingResult(
    Map<Integer, float[]> weights,
    double[] stepLosses,
    long[] stepNanos,
    List<EpochCompleted> epochs,
    List<List<ActionTime>> lastStep,
    List<Long> processes,
    List<Integer> peakActivations) {

  static TrainingResult of(List<RankResult> ranks, List<EpochCompleted> epochs) {
    Map<Integer, float[]> weights = new TreeMap<>();
    ranks.forEach(rank -> weights.putAll(rank.weights()));
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
        epochs,
        ranks.stream().map(RankResult::lastStep).toList(),
        ranks.stream().map(RankResult::pid).toList(),
        ranks.stream().map(RankResult::peakActivations).toList());
  }

  /**
   * Returns the last step for a drawing, in milliseconds from its first action's start.
   *
   * @param title what to write above it; may be empty
   */
  public Timeline timeline(String title) {
    long start =
        lastStep.stream().flatMap(List::stream).mapToLong(ActionTime::startNanos).min().orElse(0);
    return new Timeline(
        title,
        "ms",
        lastStep.stream()
            .map(rank -> rank.stream().map(time -> time.since(start)).toList())
            .toList());
  }

  private static long[] stepNanos(List<RankResult> ranks) {
    long[] nanos = new long[ranks.get(0).stepStarts().length];
    for (int i = 0; i < nanos.length; i++) {
      int step = i;
      long start = ranks.stream().mapToLong(rank -> rank.stepStarts()[step]).min().orElseThrow();
      long end = ranks.stream().mapToLong(rank -> rank.stepEnds()[step]).max().orElseThrow();
      nanos[step] = end - start;
    }
    return nanos;
  }
}
