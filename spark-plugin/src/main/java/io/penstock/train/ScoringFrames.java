package io.penstock.train;

import io.penstock.Internal;
import io.penstock.balance.Cut;
import io.penstock.link.Channel;
import io.penstock.link.ExpectedFrame;
import io.penstock.link.FramePlan;
import io.penstock.nn.Shape;
import io.penstock.nn.Skip;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;

/** Frames between the ranks of a network that scores through stages, one a rank. Stateless. */
@Internal
public final class ScoringFrames {
  /** Blocks on their way for each stage: one that it computes with, one that comes or goes. */
  public static final int AHEAD_A_STAGE = 2;

  private ScoringFrames() {}

  /** Returns how many blocks the first rank may be ahead of the last. */
  public static int ahead(Cut cut) {
    return AHEAD_A_STAGE * cut.stages();
  }

  /**
   * Returns the plan of the frames that a rank may be sent.
   *
   * @param rows of a block at most
   */
  public static FramePlan forRank(int rank, Sequential network, Cut cut, int rows) {
    List<ExpectedFrame> frames = new ArrayList<>();
    if (rank > 0) {
      Shape shape = network.shape(cut.first(rank));
      frames.add(rows(new Channel.Activation(rank), rank - 1, network, rows, shape));
      frames.add(numbers(new Channel.BadNumbers(rank - 1), rank - 1, rows));
    }
    if (IntStream.of(PlacesExchange.asking(cut, network)).anyMatch(stage -> stage == rank)) {
      frames.add(rows(new Channel.TokenIds(rank), 0, network, rows, network.input()));
    }
    Skip[] skips = SkipExchange.crossing(cut, network.skips());
    for (int i = 0; i < skips.length; i++) {
      if (cut.stageOf(skips[i].to()) == rank) {
        int from = cut.stageOf(skips[i].from());
        Shape shape = network.shape(skips[i].from() + 1);
        frames.add(rows(new Channel.Skip(i), from, network, rows, shape));
      }
    }
    if (rank == 0 && cut.stages() > 1) {
      frames.add(numbers(new Channel.Credit(), cut.stages() - 1, 1));
    }
    return FramePlan.of(frames, 2 * ahead(cut));
  }

  private static ExpectedFrame rows(
      Channel channel, int from, Sequential network, int rows, Shape row) {
    boolean sequences = FrameList.isOfSequences(network, row);
    return new ExpectedFrame(channel, from, 1, DataType.FLOAT, 1, rows, row.dims(), sequences);
  }

  private static ExpectedFrame numbers(Channel channel, int from, int most) {
    return new ExpectedFrame(channel, from, 1, DataType.FLOAT, 1, most, List.of(), false);
  }
}
