package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryPeaksTest {
  private static final List<Schedule> SCHEDULES =
      List.of(
          Plans.SMALL,
          Plans.ZB_V,
          Schedules.generate("1f1b", 3, 4),
          Schedules.generate("zb-h1", 3, 4),
          Schedules.generate("zb-h2", 2, 4),
          Schedules.generate("interleaved", 2, 3),
          Schedules.generate("forward", 3, 3),
          Schedules.generate("gpipe", 3, 2));

  private static StageSizes of(
      Schedule schedule, long input, long forward, long backward, long boundary) {
    int stages = schedule.stages();
    List<Long> boundaries = new ArrayList<>(Collections.nCopies(stages, boundary));
    boundaries.set(stages - 1, 0L);
    return new StageSizes(
        Collections.nCopies(stages, input),
        Collections.nCopies(stages, forward),
        Collections.nCopies(stages, backward),
        boundaries,
        List.of());
  }

  @Test
  void whatIsKeptFromTheForwardOnIsThatOfTheVerifier() {
    for (Schedule schedule : SCHEDULES) {
      Schedule plan = Lowering.lower(schedule);
      List<Integer> kept = Verifier.verify(plan).activations();
      long[] most = MemoryPeaks.of(plan, of(plan, 1, 2, 0, 0));
      assertArrayEquals(kept.stream().mapToLong(one -> 3 * one).toArray(), most, plan.name());
    }
  }

  @Test
  void gradientsAreThereFromTheBackwardOn() {
    Schedule whole = Plans.of("0F0 0F1 0B0 0B1");
    assertEquals(2 * 3 + 5, MemoryPeaks.of(whole, of(whole, 1, 2, 5, 0))[0]);
    Schedule halves = Plans.of("0F0 0F1 0I0 0I1 0W0 0W1");
    assertEquals(2 * (3 + 5), MemoryPeaks.of(halves, of(halves, 1, 2, 5, 0))[0]);
    Schedule again = Plans.of("0F0 0F1 0R0 0B0 0R1 0B1");
    assertEquals(1 + 3 + 5, MemoryPeaks.of(again, of(again, 1, 2, 5, 0))[0]);
  }

  @Test
  void whatGoesOverASkipConnectionTravelsFromWhenItIsMade() {
    Schedule plan =
        Lowering.lower(Plans.of("0F0 0F1 0B0 0B1", "1F0 1F1 1B0 1B1", "2F0 2F1 2B0 2B1"));
    List<Long> none = List.of(0L, 0L, 0L);
    StageSizes sizes =
        new StageSizes(none, none, none, none, List.of(new StageSizes.SkipSize(0, 2, 1)));
    // Forward two that the third has not used yet; or they wait there, and backward likewise.
    assertArrayEquals(new long[] {2, 0, 2}, MemoryPeaks.of(plan, sizes));
  }

  /**
   * Runs the ranks in random order; the peak holds in every run and some run reaches it. Numbers
   * are such that each sum is of one kind of summands only.
   */
  @Test
  void thePeakIsTheMostOfAnyRun() {
    for (Schedule schedule :
        List.of(
            Plans.SMALL,
            Schedules.generate("1f1b", 3, 3),
            Schedules.generate("zb-h1", 2, 3),
            Schedules.generate("zb-v", 2, 2),
            Schedules.generate("forward", 3, 3))) {
      Schedule plan = Lowering.lower(schedule).inARow(schedule.isForwardOnly() ? 1 : 2);
      StageSizes sizes = of(plan, 1, 0, 0, 1);
      long[] most = new long[plan.ranks().size()];
      Random random = new Random(7);
      for (int run = 0; run < 200; run++) {
        new Run(plan, random).to(most);
      }
      assertArrayEquals(MemoryPeaks.of(plan, sizes), most, plan.name());
    }
  }

  /** A run in which every rank begins and ends its actions at random times. */
  private static final class Run {
    private final Schedule schedule;
    private final Random random;
    private final Dependencies dependencies;
    private final Set<Action> begun = new HashSet<>();
    private final Set<Action> done = new HashSet<>();
    private final int[] next;
    private final boolean[] busy;
    private final int[] rankOf;
    private final boolean learns;

    Run(Schedule schedule, Random random) {
      this.schedule = schedule;
      this.random = random;
      this.dependencies = new Dependencies(schedule);
      this.next = new int[schedule.ranks().size()];
      this.busy = new boolean[next.length];
      this.learns = !schedule.isForwardOnly();
      this.rankOf = IntStream.range(0, schedule.stages()).map(schedule::rankOf).toArray();
    }

    void to(long[] most) {
      // Each run prefers one rank to the others, or all others to one, by more or less.
      int special = random.nextInt(next.length);
      boolean hasty = random.nextBoolean();
      double share = random.nextDouble();
      int left = schedule.ranks().stream().mapToInt(List::size).sum();
      while (left > 0) {
        int rank = random.nextInt(next.length);
        boolean favoured = (rank == special) == hasty;
        if (next[rank] == actions(rank).size() || (!favoured && random.nextDouble() > share)) {
          continue;
        }
        Action action = actions(rank).get(next[rank]);
        boolean moved = true;
        if (busy[rank]) {
          done.add(action);
          next[rank]++;
          busy[rank] = false;
          left--;
        } else if (done.containsAll(dependencies.needs(action))) {
          begun.add(action);
          busy[rank] = true;
        } else {
          moved = false;
        }
        if (moved) {
          for (int each = 0; each < most.length; each++) {
            most[each] = Math.max(most[each], bytes(each));
          }
        }
      }
    }

    private List<Action> actions(int rank) {
      return schedule.ranks().get(rank);
    }

    /** Every array of one byte that is on a rank: inputs, and those that travel. */
    private long bytes(int rank) {
      long bytes = 0;
      for (int stage = 0; stage < schedule.stages(); stage++) {
        for (int microBatch = 0; microBatch < schedule.microBatches(); microBatch++) {
          Action forward = new Action(stage, ActionKind.F, microBatch);
          Action backward = dependencies.backward(forward);
          boolean here = rankOf[stage] == rank;
          Action end = last(forward);
          boolean ended = done.contains(learns ? end : forward);
          bytes += here && begun.contains(forward) && !ended ? 1 : 0;
          if (stage > 0 && learns) {
            bytes += here && begun.contains(backward) && !ended ? 1 : 0;
          }
          if (stage + 1 < schedule.stages()) {
            bytes += moving(rank, forward, forward, forward.on(stage + 1));
            if (learns) {
              Action maker = dependencies.backward(forward.on(stage + 1));
              bytes += moving(rank, maker, last(maker), backward);
            }
          }
        }
      }
      return bytes;
    }

    /** The action with which a micro-batch is done on a stage. */
    private Action last(Action of) {
      Action half = of.as(ActionKind.W);
      return dependencies.place(half) == null ? of.as(ActionKind.B) : half;
    }

    /**
     * @param kept from when on it is the lane's alone: a forward's once it is begun, else once it
     *     is done
     */
    private long moving(int rank, Action maker, Action kept, Action user) {
      int from = rankOf[maker.stage()];
      int to = rankOf[user.stage()];
      boolean alone = maker.kind() == ActionKind.F ? begun.contains(kept) : done.contains(kept);
      long bytes = 0;
      if (rank == from && alone && !(from == to ? begun : done).contains(user)) {
        bytes++;
      }
      Action leaves = new Frame(maker, user).send();
      if (rank == to && from != to && done.contains(leaves) && !begun.contains(user)) {
        bytes++;
      }
      return bytes;
    }
  }
}
