package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.link.Tag;
import io.penstock.nn.Parameters;
import java.util.Arrays;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Clips gradients by their norm over all stages (Pascanu et al. 2012, arXiv 1211.5063). Every rank
 * tells all others the sum of squares of each of its layers, and all add them in ascending order of
 * the layers, in double precision, so that each finds the same bits however the layers lie. Ranks
 * wait for each other here at the end of every step. For the rank's thread.
 */
final class GradientNorm {
  private static final char KIND = 'N';

  private final Exchange exchange;
  private final int rank;
  private final int ranks;
  private final int layers;
  private final double most;

  /**
   * @param layers of the whole network
   * @param most the norm that gradients may have; longer ones are shortened to it
   */
  GradientNorm(Exchange exchange, int rank, int ranks, int layers, double most) {
    this.exchange = exchange;
    this.rank = rank;
    this.ranks = ranks;
    this.layers = layers;
    this.most = most;
  }

  /**
   * Shortens the gradients, if they are too long, by one factor for all ranks.
   *
   * @param gradients of the layers of this rank that own their weights, by layer
   * @return the norm before that
   */
  double clip(Map<Integer, Parameters> gradients, int step) throws InterruptedException {
    double[] squares = new double[layers];
    gradients.forEach((layer, own) -> squares[layer] = own.sumOfSquares());
    if (ranks > 1) {
      INDArray own = Nd4j.createFromArray(squares).castTo(DataType.DOUBLE);
      exchange.tellAll(tag(rank, step), own, ranks);
      for (int other = 0; other < ranks; other++) {
        if (other != rank) {
          // A layer is on one rank: the others say 0 of it.
          try (Loan told = exchange.take(tag(other, step))) {
            for (int layer = 0; layer < layers; layer++) {
              squares[layer] += told.array().getDouble(layer);
            }
          }
        }
      }
    }
    double norm = Math.sqrt(Arrays.stream(squares).reduce(0, Double::sum));
    if (norm > most) {
      gradients.values().forEach(own -> own.scale(most / norm));
    }
    return norm;
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    long layers = frames.network().layers().size();
    for (int other = 0; other < frames.ranks(); other++) {
      frames.toAll(tag(other, 0), other, DataType.DOUBLE, layers);
    }
  }

  private static Tag tag(int fromRank, int step) {
    return new Tag(KIND, fromRank, step, 0);
  }
}
