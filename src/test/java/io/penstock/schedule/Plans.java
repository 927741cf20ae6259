package io.penstock.schedule;

import io.penstock.schedule.generate.Schedules;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Schedules that several tests use. */
public final class Plans {
  /** Two ranks, two micro-batches, compute only. */
  public static final Schedule SMALL = of("0F0 0F1 0B0 0B1", "1F0 1B0 1F1 1B1");

  /** Two ranks of two stages, for inference. */
  static final Schedule FORWARD = of("0F0 0F1 2F0 2F1", "1F0 1F1 3F0 3F1");

  /** Zero bubble in V shape: rank 0 holds stages 0 and 3, rank 1 holds 1 and 2. */
  public static final Schedule ZB_V =
      of(
          "0F0 0F1 0F2 3F0 3I0 3W0 3F1 3I1 3W1 0F3 0I0 0W0 3F2 3I2 3W2 0I1 0W1 3F3 3I3 3W3 0I2 0W2"
              + " 0I3 0W3",
          "1F0 2F0 1F1 2F1 2I0 2W0 1F2 1I0 1W0 2F2 2I1 2W1 1F3 1I1 1W1 2F3 2I2 2W2 1I2 2I3 1I3 1W2"
              + " 2W3 1W3");

  private Plans() {}

  /** Reads a schedule, a row a rank, the actions separated by blanks. */
  public static Schedule of(String... rows) {
    return ScheduleText.parse("test", (String.join("\n", rows) + "\n").replace(' ', ','));
  }

  /** One rank's actions, separated by blanks. */
  public static String row(Schedule schedule, int rank) {
    return String.join(" ", schedule.ranks().get(rank).stream().map(Action::toString).toList());
  }

  /** The usual sizes (ranks, micro-batches), with fewer micro-batches than ranks and with one. */
  static Stream<Arguments> sizes() {
    int[][] sizes = {
      {1, 1}, {1, 4}, {2, 1}, {8, 1}, {4, 2}, {8, 3}, {2, 2}, {4, 4}, {2, 8}, {4, 8}, {8, 8},
      {4, 16}, {4, 32}, {4, 64}, {16, 16}, {32, 32}, {64, 128}, {4, 12}, {3, 6}, {5, 10}, {4, 3},
      {4, 10}, {4, 15}
    };
    return Stream.of(sizes)
        .flatMap(
            size ->
                Schedules.ids().stream()
                    .filter(id -> !id.equals("dualpipe-v") || size[1] >= 2 * size[0])
                    .map(id -> Arguments.of(id, size[0], size[1])));
  }

  /** Several stages a rank: name, virtual stages, ranks, micro-batches. */
  static Stream<Arguments> virtualSizes() {
    int[][] sizes = { // Virtual stages, micro-batches, ranks.
      {2, 2, 2},
      {2, 4, 4},
      {2, 8, 2},
      {2, 8, 4},
      {2, 8, 8},
      {4, 4, 4},
      {4, 8, 4},
      {4, 8, 8},
      {4, 16, 4},
      {4, 32, 4},
      {4, 64, 4},
      {4, 16, 16},
      {4, 32, 32},
      {4, 128, 64},
      {3, 2, 2},
      {3, 8, 2},
      {3, 12, 4},
      {4, 6, 3},
      {4, 10, 5},
      {2, 3, 4},
      {2, 10, 4},
      {2, 15, 4}
    };
    return Stream.of(sizes)
        .flatMap(
            size ->
                Stream.of(
                        "interleaved",
                        "looped-bfs",
                        "zb-h1",
                        "forward",
                        "zb-v",
                        "v-half",
                        "v-min",
                        "dualpipe-v")
                    .filter(id -> size[0] == 2 || !(id.endsWith("-v") || id.startsWith("v-")))
                    .filter(id -> !id.equals("dualpipe-v") || size[1] >= 2 * size[2])
                    .map(id -> Arguments.of(id, size[0], size[2], size[1])));
  }
}
