package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PeaksTest {
  static Stream<Arguments> sizes() {
    return Plans.sizes()
        .filter(size -> Schedules.generate((String) size.get()[0], 1, 2).stages() == 1)
        .filter(size -> !size.get()[0].equals("forward"));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void activationsAndFramesEqualTheClosedForms(String id, int ranks, int microBatches) {
    Peaks peaks = Verifier.verify(Schedules.generate(id, ranks, microBatches));
    for (int rank = 0; rank < ranks; rank++) {
      int kept =
          switch (id) {
            case "zb-h1" -> ranks;
            case "zb-h2" -> 2 * ranks - 1;
            default -> ahead(id, ranks, rank, microBatches);
          };
      assertEquals(Math.min(kept, microBatches), peaks.activations().get(rank));
      for (int to = 0; to < ranks; to++) {
        int ahead = ahead(id, ranks, Math.min(rank, to), microBatches);
        int frames = Math.abs(rank - to) == 1 ? Math.min(ahead, microBatches) : 0;
        assertEquals(frames, peaks.inFlight(rank, to), rank + " to " + to);
      }
    }
  }

  /** How many forwards a rank begins with, and so can be ahead of the rank after it. */
  private static int ahead(String id, int ranks, int rank, int microBatches) {
    return switch (id) {
      case "1f1b", "zb-h1" -> ranks - rank;
      case "eager-1f1b", "zb-h2" -> 2 * (ranks - 1 - rank) + 1;
      case "gpipe", "unpipelined" -> microBatches;
      default -> throw new IllegalArgumentException(id);
    };
  }

  @Test
  void activationsAreKeptUntilTheWeightGradient() {
    assertEquals(List.of(4, 4), Verifier.verify(Plans.ZB_V).activations());
    assertEquals(List.of(2), Verifier.verify(Plans.of("0F0 0I0 0F1 0W0 0B1")).activations());
  }

  /** Runs the ranks in random order; the bound holds in every run and some run reaches it. */
  @Test
  void framesAreTheMostOfAnyRun() {
    for (Schedule schedule :
        List.of(
            Plans.SMALL,
            Plans.ZB_V,
            Schedules.generate("1f1b", 3, 5),
            Schedules.generate("zb-h1", 3, 5),
            Schedules.generate("zb-h2", 3, 6),
            Schedules.generate("interleaved", 3, 4),
            Schedules.generate("zb-v", 3, 5),
            Schedules.generate("dualpipe-v", 2, 4),
            Schedules.generate("forward", 3, 2),
            Schedules.generate("gpipe", 3, 2))) {
      for (Schedule plan : List.of(schedule, Lowering.lower(schedule))) {
        int ranks = plan.ranks().size();
        Random random = new Random(7);
        int[][] most = new int[ranks][ranks];
        for (int run = 0; run < 300; run++) {
          runOnce(plan, random, most);
        }
        Peaks peaks = Verifier.verify(plan);
        for (int from = 0; from < ranks; from++) {
          for (int to = 0; to < ranks; to++) {
            assertEquals(most[from][to], peaks.inFlight(from, to), plan + ": " + from + "-" + to);
          }
        }
      }
    }
  }

  private static void runOnce(Schedule plan, Random random, int[][] most) {
    Dependencies dependencies = new Dependencies(plan);
    int ranks = plan.ranks().size();
    int[] next = new int[ranks];
    int[][] inFlight = new int[ranks][ranks];
    Set<Action> done = new HashSet<>();
    // Each run prefers one rank, so that it gets as far ahead of the others as it can.
    int hasty = random.nextInt(ranks);
    while (true) {
      List<Integer> ready = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        List<Action> actions = plan.ranks().get(rank);
        if (next[rank] < actions.size()
            && done.containsAll(dependencies.needs(actions.get(next[rank])))) {
          ready.add(rank);
        }
      }
      if (ready.isEmpty()) {
        break;
      }
      int rank = ready.contains(hasty) ? hasty : ready.get(random.nextInt(ready.size()));
      Action action = plan.ranks().get(rank).get(next[rank]++);
      done.add(action);
      dependencies
          .frame(action)
          .ifPresent(frame -> inFlight[dependencies.rankOf(frame.maker().stage())][rank]--);
      boolean departs = plan.isLowered() ? action.kind().isSend() : action.kind().isCompute();
      if (departs) {
        Action made =
            switch (action.kind()) {
              case SEND_F -> action.as(ActionKind.F);
              case SEND_B -> dependencies.backward(action);
              default -> action;
            };
        dependencies
            .user(made)
            .flatMap(dependencies::frame)
            .map(frame -> dependencies.rankOf(frame.user().stage()))
            .ifPresent(to -> most[rank][to] = Math.max(most[rank][to], ++inFlight[rank][to]));
      }
    }
    assertEquals(plan.ranks().stream().mapToInt(List::size).sum(), done.size());
  }
}
