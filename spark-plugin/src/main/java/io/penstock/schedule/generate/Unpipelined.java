package io.penstock.schedule.generate;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * One stage at a time, to show and measure what pipelining gains: a rank does the forwards of the
 * whole mini-batch, and only then hands them over; likewise the backwards. It comes with sends and
 * receives in place, for where they stand is all that makes it differ from {@link GPipe}.
 *
 * <pre>
 *  rank 0  F0 F1 F2 .  .  .  .  .  .  .  .  .  .  .  .  B0 B1 B2
 *  rank 1  .  .  .  F0 F1 F2 .  .  .  .  .  .  B0 B1 B2 .  .  .
 *  rank 2  .  .  .  .  .  .  F0 F1 F2 B0 B1 B2 .  .  .  .  .  .
 * </pre>
 */
final class Unpipelined implements Generator {
  @Override
  public String id() {
    return "unpipelined";
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    return of(ranks, ranks, microBatches, rank -> rank(rank, rank == ranks - 1, microBatches));
  }

  private static List<Action> rank(int rank, boolean last, int microBatches) {
    boolean first = rank == 0;
    List<ActionKind> kinds = new ArrayList<>();
    if (!first) {
      kinds.add(ActionKind.RECV_F);
    }
    kinds.add(ActionKind.F);
    if (!last) {
      kinds.add(ActionKind.SEND_F);
      kinds.add(ActionKind.RECV_B);
    }
    kinds.add(ActionKind.B);
    if (!first) {
      kinds.add(ActionKind.SEND_B);
    }
    return kinds.stream()
        .flatMap(kind -> IntStream.range(0, microBatches).mapToObj(i -> new Action(rank, kind, i)))
        .toList();
  }
}
