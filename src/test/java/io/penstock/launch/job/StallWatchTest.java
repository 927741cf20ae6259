package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.launch.job.Pulse.Phase;
import io.penstock.launch.job.Pulse.Wait;
import io.penstock.launch.job.Stall.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom the watch names, and when, by a clock that is moved by hand. */
class StallWatchTest {
  private static final Optional<Long> USUAL = Optional.empty();
  private static final Wait UPSTREAM = new Wait("an activation", 0);

  private final Map<Integer, Long> numbers = new HashMap<>();
  private final Map<Integer, Long> moves = new HashMap<>();
  private StallWatch watch;
  private int attempt;
  private long second;

  private void watch(int ranks, Optional<Long> seconds) {
    watch = new StallWatch(ranks, seconds.map(TimeUnit.SECONDS::toNanos), nanos());
  }

  private long nanos() {
    return TimeUnit.SECONDS.toNanos(second) - 7; // the machine's clock may be below 0
  }

  private Pulse pulse(int rank, Phase phase, Wait awaits, long longestStepSeconds) {
    return new Pulse(
        new RankPlace(rank, "e" + rank, "host" + rank, 1, List.of()),
        attempt,
        numbers.merge(rank, 1L, Long::sum),
        phase,
        "step 2 of epoch 1, action 1F0",
        awaits,
        moves.getOrDefault(rank, 0L),
        TimeUnit.SECONDS.toNanos(longestStepSeconds),
        List.of("org.example.Layer.forward(Layer.java:7)"));
  }

  private void still(int rank) {
    watch.hear(pulse(rank, Phase.RUNNING, null, 1));
  }

  private void waits(int rank, int sender) {
    watch.hear(pulse(rank, Phase.RUNNING, new Wait("a frame", sender), 1));
  }

  private void moves(int rank) {
    moves.merge(rank, 1L, Long::sum);
    still(rank);
  }

  private Optional<Stall> look() {
    second++;
    return watch.look(nanos());
  }

  /** The first stall, with its second; what the ranks tell comes before every look. */
  private Stall await(Runnable ranks, int fromSecond, int toSecond) {
    for (long from = second; ; ) {
      ranks.run();
      Optional<Stall> found = look();
      long passed = second - from;
      if (found.isPresent()) {
        assertTrue(passed >= fromSecond, found.get().text() + " after " + passed + " s");
        return found.get();
      }
      assertTrue(passed <= toSecond, "nothing after " + passed + " s");
    }
  }

  private void nothing(Runnable ranks, int seconds) {
    for (int i = 0; i < seconds; i++) {
      ranks.run();
      assertEquals(Optional.empty(), look().map(Stall::text));
    }
  }

  @Test
  void whoIsSilentIsNamedAndNotWhoWaitsForIt() {
    watch(3, USUAL);
    moves(0);
    Stall stall =
        await(
            () -> {
              waits(1, 0);
              waits(2, 1);
            },
            60,
            62);
    assertEquals(Kind.SILENT, stall.kind());
    assertEquals(0, stall.culprit().rank());
    assertEquals(
        "Lost rank 0: executor e0 on host0 has not been heard of for 61 s; when it was last heard,"
            + " it was in step 2 of epoch 1, action 1F0. Its process or its host hangs, or it is"
            + " cut off from the driver. spark.penstock.stallTimeout is how long a rank may be"
            + " silent.",
        stall.text());
  }

  @Test
  void whoComputesWithoutMovingIsNamedAndNotWhoWaitsForIt() {
    watch(3, USUAL);
    Stall stall =
        await(
            () -> {
              waits(0, 1);
              still(1);
              waits(2, 1);
            },
            60,
            62);
    assertEquals(Kind.STILL, stall.kind());
    assertEquals(1, stall.culprit().rank());
    assertEquals(
        "Rank 1 on executor e1 on host1 hangs: for 61 s it has not moved on, though it waits for no"
            + " peer; it was in step 2 of epoch 1, action 1F0, at"
            + " org.example.Layer.forward(Layer.java:7). The driver's log has its stack. If one"
            + " action may take that long, set spark.penstock.stallTimeout to more.",
        stall.text());
  }

  @Test
  void codeHasTenOfItsOwnRanksLongestSteps() {
    watch(2, USUAL);
    Runnable slow =
        () -> {
          watch.hear(pulse(0, Phase.RUNNING, null, 30));
          watch.hear(pulse(1, Phase.RUNNING, UPSTREAM, 30));
        };
    assertEquals(0, await(slow, 300, 302).culprit().rank());
  }

  @Test
  void theFirstStepHasTenMinutes() {
    watch(1, USUAL);
    await(() -> watch.hear(pulse(0, Phase.RUNNING, null, 0)), 600, 602);
  }

  @Test
  void aTimeThatIsSetHoldsForAll() {
    watch(2, Optional.of(5L));
    Runnable first =
        () -> {
          watch.hear(pulse(0, Phase.RUNNING, null, 0));
          watch.hear(pulse(1, Phase.RUNNING, UPSTREAM, 0));
        };
    assertEquals(Kind.STILL, await(first, 5, 7).kind());
    watch(2, Optional.of(900L));
    still(0);
    assertEquals(Kind.SILENT, await(() -> waits(1, 0), 900, 902).kind());
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RUNNING", "ENDED", "FAILED"})
  void whatMayTakeHoursIsNoStallWhileItIsHeard(Phase phase) {
    watch(2, Optional.of(5L));
    nothing(
        () -> {
          watch.hear(pulse(0, phase, null, 0));
          watch.hear(pulse(1, Phase.MEETING, null, 0));
        },
        10_000);
    Stall silent = await(() -> watch.hear(pulse(1, Phase.MEETING, null, 0)), 5, 7);
    assertEquals(0, silent.culprit().rank());
    assertEquals(Kind.SILENT, silent.kind());
  }

  @Test
  void allWhoWaitAreCutOffAndTheTwoSidesOfTheConnectionAreNamed() {
    watch(4, USUAL);
    Stall stall =
        await(
            () -> {
              waits(0, 1);
              waits(1, 2);
              waits(2, 1);
              waits(3, 2);
            },
            60,
            62);
    assertEquals(Kind.CONNECTION, stall.kind());
    assertEquals(List.of(1, 2), stall.waiting().stream().map(Pulse::rank).sorted().toList());
    RunFailure failure = stall.failure(new Exception("Spark's"));
    assertEquals(FailureKind.LINK_BROKEN, failure.kind());
    assertTrue(
        failure.words().contains("Rank 2 on executor e2 on host2 waits for a frame from rank"),
        failure.words());
  }

  @Test
  void allWhoWaitAreNamedWhereASenderIsNotKnown() {
    watch(3, USUAL);
    Stall stall =
        await(
            () -> {
              waits(0, RankActivity.UNKNOWN); // has waited longest, for it is heard first
              waits(1, 0);
              waits(2, 0);
            },
            60,
            62);
    assertEquals(3, stall.waiting().size());
    RunFailure failure = stall.failure(new Exception("Spark's"));
    assertTrue(failure.words().contains("Rank 0 on executor e0 on host0 waits for a frame."));
    assertEquals(RunFailure.NO_RANK, failure.rank());
  }

  @Test
  void whileOneMovesOrTellsTheDriverNoneWaitsInVain() {
    watch(2, Optional.of(5L));
    nothing(
        () -> {
          moves(0);
          waits(1, 0);
        },
        100);
    nothing(
        () -> {
          watch.hear(pulse(0, Phase.TELLING, null, 1));
          waits(1, 0);
        },
        100);
  }

  @Test
  void aDriverThatWasStoppedItselfBlamesNobody() {
    watch(2, USUAL);
    Runnable alive =
        () -> {
          moves(0);
          waits(1, 0);
        };
    nothing(alive, 10);
    second += 3600;
    assertEquals(Optional.empty(), look());
    nothing(alive, 100);
  }

  @Test
  void whoHasEndedIsNotMissedNorABelatedPulseHeeded() {
    watch(2, USUAL);
    Pulse belated = pulse(0, Phase.RUNNING, null, 1);
    watch.hear(pulse(0, Phase.ENDED, null, 1));
    watch.hear(belated);
    nothing(() -> moves(1), 1000);
  }

  @Test
  void whereARankHasFailedTheRestIsSparksUntilItTriesAgain() {
    watch(2, USUAL);
    watch.hear(pulse(0, Phase.FAILED, null, 1));
    still(1);
    nothing(() -> {}, 1000);
    attempt = 1;
    Pulse retried = pulse(1, Phase.RUNNING, null, 1);
    watch.hear(retried);
    attempt = 0;
    still(0); // of an attempt that is over
    assertEquals(1, await(() -> {}, 60, 62).culprit().rank());
  }

  /** Of pipelines that run well until one rank stops or hangs, that one is named, and in time. */
  @Test
  void theCulpritIsFoundInAnyPipeline() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    for (int run = 0; run < 300; run++) {
      int ranks = random.nextInt(1, 7);
      int culprit = random.nextInt(ranks);
      boolean silent = random.nextBoolean();
      int limit = random.nextInt(5, 100);
      numbers.clear();
      watch(ranks, Optional.of((long) limit));
      nothing(() -> some(ranks, random), random.nextInt(3, 50));
      List<Integer> others = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        if (rank != culprit) {
          others.add(rank);
        }
      }
      Stall stall =
          await(
              () -> {
                if (!silent) {
                  still(culprit);
                }
                others.forEach(rank -> waits(rank, rank < culprit ? rank + 1 : rank - 1));
              },
              limit - 1,
              limit + 3);
      assertEquals(culprit, stall.culprit().rank(), stall.text());
      assertEquals(silent ? Kind.SILENT : Kind.STILL, stall.kind());
    }
  }

  /** Every rank is heard; of those that wait, one at least is waited for that moves. */
  private void some(int ranks, RandomGenerator random) {
    int mover = random.nextInt(ranks);
    for (int rank = 0; rank < ranks; rank++) {
      if (rank == mover || random.nextBoolean()) {
        moves(rank);
      } else {
        moves.merge(rank, 1L, Long::sum);
        waits(rank, mover);
      }
    }
  }
}
