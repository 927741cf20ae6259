package io.penstock.balance;

import io.penstock.schedule.Schedule;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Payoff of a plan's ranks: its step time by simulation, beside that of the same mini-batches on
 * one rank, and the sizes from which on they would pay, all else equal. Immutable; times are in
 * seconds.
 *
 * @param ranks how many the plan has
 * @param batchSize rows of a mini-batch
 * @param microBatches of a mini-batch
 * @param seconds of a step, from its start to the next one's, on the plan's ranks
 * @param oneSeconds of a step on one rank that holds all layers; empty if they do not fit in what a
 *     rank can hold, so that there is no choice
 * @param microBatchSeconds of forward and backward of a micro-batch through all layers
 * @param handOverSeconds until what a micro-batch hands over is on the other side of a boundary
 *     between ranks, in one direction: the mean over these boundaries
 * @param busySeconds in which a hand-over keeps each of the two ranks from computing
 * @param handOvers of a micro-batch, there and back; 0 where nothing crosses
 * @param bestFactor how many times as quick as one rank these could be at most, if frames took no
 *     time: by what all compute, against the one that computes most, and by the schedule's bubble
 * @param leastBatch rows of the smallest mini-batch from which the ranks pay, with as many
 *     micro-batches; empty if they do not pay however large it is
 * @param leastWidth how many times as wide the hidden layers would have to be for the ranks to pay
 *     with these mini-batches, 1 if they pay as they are: the work of every layer grows with the
 *     square, what is handed over with the width; empty if they do not pay however wide they are
 */
public record Payoff(
    int ranks,
    int batchSize,
    int microBatches,
    double seconds,
    OptionalDouble oneSeconds,
    double microBatchSeconds,
    double handOverSeconds,
    double busySeconds,
    int handOvers,
    double bestFactor,
    OptionalInt leastBatch,
    OptionalDouble leastWidth) {

  /**
   * Simulates a plan, and one for the same mini-batches on one rank.
   *
   * @param schedule of one rank or more
   * @param microBatchesOnOne micro-batches of a mini-batch on one rank
   * @throws IllegalArgumentException if cut, schedule and profile are of different numbers of
   *     stages or layers
   */
  public static Payoff of(
      Profile profile, Schedule schedule, Cut cut, int batchSize, int microBatchesOnOne) {
    Sides now = new Sides(profile, schedule, cut, batchSize, microBatchesOnOne);
    BreakEven from = new BreakEven(now);
    LayerCosts layers = profile.costs(batchSize, schedule.microBatches());
    List<Integer> crossed = crossed(schedule, cut);
    double bytes =
        crossed.stream()
            .mapToLong(layer -> layers.layers().get(layer).outputBytes())
            .average()
            .orElse(0);
    return new Payoff(
        schedule.ranks().size(),
        batchSize,
        schedule.microBatches(),
        now.several(),
        now.fitsOne() ? OptionalDouble.of(now.one()) : OptionalDouble.empty(),
        layers.layers().stream().mapToDouble(LayerCost::time).sum(),
        crossed.isEmpty() ? 0 : profile.link().latency() + bytes / profile.link().bandwidth(),
        crossed.isEmpty() ? 0 : profile.link().busy(),
        2 * crossed.size(),
        now.bestFactor(),
        from.batch(),
        from.width());
  }

  /**
   * Simulates what was chosen: the plan, or, where one rank was chosen of several numbers, the best
   * one of more ranks, so that what speaks against it can be told.
   *
   * @return empty where one rank was all that was asked for, or all that there is a plan for
   */
  public static Optional<Payoff> of(Profile profile, ChoiceRequest request, Choice choice) {
    Comparator<Candidate> quicker = Comparator.comparingDouble(Candidate::seconds);
    return Stream.concat(Stream.of(choice.best()), choice.byRanks().stream().sorted(quicker))
        .filter(plan -> plan.request().ranks() > 1)
        .findFirst()
        .map(
            plan ->
                of(
                    profile.on(plan.executors()),
                    plan.schedule(),
                    plan.cut(),
                    request.batchSize(),
                    onOne(profile, request)));
  }

  /**
   * Returns the micro-batches with which one rank is quickest; as few as can be where it cannot be
   * used.
   */
  private static int onOne(Profile profile, ChoiceRequest request) {
    try {
      return Chooser.choose(profile, request.withRanks(1)).best().request().microBatches();
    } catch (IllegalArgumentException none) {
      return request.microBatches().orElse(1);
    }
  }

  /** Returns the last layer of every stage whose successor lies on another rank. */
  private static List<Integer> crossed(Schedule schedule, Cut cut) {
    return IntStream.range(0, cut.stages() - 1)
        .filter(stage -> schedule.rankOf(stage) != schedule.rankOf(stage + 1))
        .mapToObj(stage -> cut.end(stage) - 1)
        .toList();
  }

  /**
   * Returns whether the ranks are quicker than one by a fifth, which makes them worth it, or are
   * needed to hold the layers.
   */
  public boolean pays() {
    return oneSeconds.isEmpty() || seconds < (1 - Chooser.WORTH) * oneSeconds.getAsDouble();
  }

  /**
   * Returns how many times as quick as one rank they are; empty where one cannot hold the layers.
   */
  public OptionalDouble factor() {
    return oneSeconds.isEmpty() || seconds == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(oneSeconds.getAsDouble() / seconds);
  }
}
