package io.penstock.train;

import io.penstock.compute.Rows;
import io.penstock.compute.Workspace;
import io.penstock.link.Channel;
import io.penstock.nn.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Clips gradients by their norm over all stages (Pascanu et al. 2012, arXiv 1211.5063). Every rank
 * tells all others the sum of squares of each of its layers, and all add them in ascending order of
 * the layers, in double precision, so that each finds the same bits however the layers lie. Ranks
 * wait for each other here at the end of every step. For the rank's thread.
 */
final class GradientNorm {
  private final Exchange exchange;
  private final List<Integer> members;
  private final int layers;
  private final double most;
  private final Workspace pool;

  /**
   * @param members ranks that have the gradients, each layer's one of them, ascending
   * @param layers of the whole network
   * @param most the norm that gradients may have; longer ones are shortened to it
   * @param pool what this thread computes with
   */
  GradientNorm(Exchange exchange, List<Integer> members, int layers, double most, Workspace pool) {
    this.pool = pool;
    this.exchange = exchange;
    this.members = members;
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
    Rows rows = pool.compute(DataType.FLOAT).rows();
    double[] own = new double[layers];
    gradients.forEach((layer, ofLayer) -> own[layer] = ofLayer.sumOfSquares(rows));
    double[] squares = new double[layers];
    for (double[] ofRank : exchange.allGather(Channel.Norm::new, step, own, members)) {
      // A layer is on one rank: the others say 0 of it.
      Arrays.setAll(squares, layer -> squares[layer] + ofRank[layer]);
    }
    double norm = Math.sqrt(Arrays.stream(squares).reduce(0, Double::sum));
    if (norm > most) {
      gradients.values().forEach(ofLayer -> ofLayer.scale(most / norm, rows));
    }
    return norm;
  }

  /**
   * Returns the ranks that have all summed gradients between them: those of a replica, or, where
   * each replica has the sums of its own layers only, all.
   */
  static List<Integer> members(TrainingPlan plan, int rank) {
    return plan.replication().shardsOptimizer()
        ? plan.topology().all()
        : plan.topology().replica(rank);
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    frames.allGather(
        Channel.Norm::new,
        members(frames.training(), frames.rank()),
        frames.network().layers().size());
  }
}
