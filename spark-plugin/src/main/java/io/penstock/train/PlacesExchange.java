package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.balance.Cut;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import io.penstock.nn.Places;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Exchange of token ids, from the first stage straight to the stages whose layers ask which places
 * of sequences are padding. For the rank's thread. As with what goes over skip connections (see
 * {@link SkipExchange}), they leave with the first stage's forward and are awaited by the other's,
 * which the schedule orders behind it.
 */
final class PlacesExchange {
  private final Exchange exchange;
  private final Sequential network;

  /** Stages that ask, but for the first one, which has the ids. */
  private final int[] stages;

  PlacesExchange(Exchange exchange, Cut cut, Sequential network) {
    this.exchange = exchange;
    this.network = network;
    this.stages = asking(cut, network);
  }

  /** Returns the stages, ascending and without the first, that ask which places are padding. */
  static int[] asking(Cut cut, Sequential network) {
    return IntStream.range(1, cut.stages())
        .filter(stage -> network.asksPlaces(cut.first(stage), cut.end(stage)))
        .toArray();
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    for (int stage : asking(frames.cut(), frames.network())) {
      frames.rows(new Channel.TokenIds(stage), 0, stage, DataType.FLOAT, frames.network().shape(0));
    }
  }

  /**
   * Returns the places of a stage's input. The first stage sends them to the others, too; they wait
   * for that.
   *
   * @param input the stage's
   */
  Places of(int stage, long step, int microBatch, INDArray input) throws InterruptedException {
    if (stage == 0) {
      for (int other : stages) {
        exchange.copyTo(other, new Tag(new Channel.TokenIds(other), step, microBatch), input);
      }
      return network.places(input);
    }
    if (Arrays.binarySearch(stages, stage) < 0) {
      return Places.ALL;
    }
    try (Loan ids = exchange.take(new Tag(new Channel.TokenIds(stage), step, microBatch))) {
      return network.places(ids.array());
    }
  }
}
