package io.penstock.schedule.generate;

import io.penstock.Amount;
import io.penstock.Internal;
import io.penstock.schedule.Action;
import io.penstock.schedule.Schedule;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * DualPipe cut in half: DualPipeV, of DeepSeek's DualPipe (DeepSeek-V3 technical report, arXiv
 * 2412.19437, section 3.2, and its repository). Two stages on each rank in the shape of a V, as
 * {@link ZeroBubbleV}, but in the main part a forward of one overlaps a whole backward of the
 * other, so that the one computes while the other exchanges data. Takes at least 2p micro-batches;
 * every rank keeps the activations of 2p + 1 stages. Without overlap, and if tF = tI = tW, it takes
 * as long as ZB-V. Stateless; any thread may call.
 *
 * <pre>
 *  rank 0  0F0 0F1 0F2 3F0 3I0 3W0 3F1 0F3&3B1 3F2&0B0 3B2 3F3&0B1 3B3 0I2 0W2 0I3 0W3
 *  rank 1  .   1F0 2F0 1F1 2F1 1F2 2B0 2F2&1B0 1F3&2B1 2F3&1B1 2B2 1B2 2I3 1I3 2W3 1W3
 * </pre>
 */
@Internal
public final class DualPipeV implements Generator {
  @Override
  public String id() {
    return "dualpipe-v";
  }

  @Override
  public VirtualStages virtualStages() {
    return VirtualStages.exactly(2);
  }

  @Override
  public Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp) {
    if (microBatches < 2 * ranks) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s on %s takes at least %s, not %d; with fewer, choose" + " zb-v",
              id(),
              new Amount(ranks, "rank"),
              new Amount(2 * ranks, "micro-batch"),
              microBatches));
    }
    List<RankScript> plan =
        IntStream.range(0, ranks).mapToObj(rank -> rank(rank, ranks, microBatches)).toList();
    Set<Action> overlapped = new HashSet<>();
    plan.forEach(rank -> overlapped.addAll(rank.overlapped()));
    return new Schedule(
        id(), 2 * ranks, microBatches, plan.stream().map(RankScript::actions).toList(), overlapped);
  }

  private static RankScript rank(int rank, int ranks, int microBatches) {
    int after = ranks - 1 - rank;
    int main = microBatches - 2 * ranks + rank + 1;
    // All ranks wait for the last one's first backward, so that one shares its time with nothing.
    int apart = after == 0 ? 1 : 0;
    return new RankScript(rank, 2 * ranks - 1 - rank)
        .repeat(2 * after, "F0")
        .repeat(rank + 1, "F0 F1")
        .repeat(after, "I1 W F1")
        .repeat(apart, "F0 B1 F1&B0")
        .repeat(main - apart, "F0&B1 F1&B0")
        .repeat(after, "B1 F1&B0")
        .repeat((rank + 1) / 2, "B1 B0")
        .repeat((rank + 1) % 2, "B1 I0")
        .repeat((rank + 1) / 2, "I1 I0")
        .repeat(after, "W I0")
        .repeat(rank + 1, "W");
  }
}
