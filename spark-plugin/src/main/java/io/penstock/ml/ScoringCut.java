package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.Bytes;
import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.LayerCost;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.conf.Settings;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.nn.network.Sequential;
import io.penstock.train.ScoringFrames;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Choice of the way in which a network scores, by its size and the settings: whole in every process
 * or in stages on executors of their own. Stateless.
 */
final class ScoringCut {
  private static final Logger LOG = LoggerFactory.getLogger(ScoringCut.class);
  private static final String LOCAL = "local";
  private static final String PIPELINE = "pipeline";

  private ScoringCut() {}

  /**
   * Returns the cut of the network into stages that rows are to flow through.
   *
   * @param dataset that is scored
   * @param rows of a block
   * @return empty where each process scores with the whole network
   * @throws IllegalArgumentException if it is to flow and cannot: a stream, or a network of which a
   *     layer is too large or that has fewer layers than stages
   */
  static Optional<Cut> of(Dataset<?> dataset, Sequential network, int rows) {
    SparkSession session = dataset.sparkSession();
    SparkConf conf = session.sparkContext().getConf();
    String way = Settings.SCORING_WAY.in(session);
    long available = NativeMemory.available(conf);
    LayerCosts costs = LayerCosts.ofScoring(network, rows);
    boolean fits = NativeMemory.isLocal(conf) || bytes(costs) <= available;
    if (way.equals(LOCAL) || (!way.equals(PIPELINE) && fits)) {
      return Optional.empty();
    }
    if (dataset.isStreaming()) {
      throw new IllegalArgumentException(
          (way.equals(PIPELINE)
                  ? Settings.SCORING_WAY.key() + " is pipeline"
                  : "The network needs "
                      + new Bytes(bytes(costs)).up()
                      + " of an executor's "
                      + new Bytes(available).down())
              + ", and a stream cannot be scored through stages: they take batches. Score its"
              + " micro-batches one by one, writeStream().foreachBatch((batch, id) ->"
              + " model.transform(batch)...), or set "
              + Settings.SCORING_WAY.key()
              + "=local and, if it does not fit, more spark.executor.memoryOverhead.");
    }
    Optional<Integer> wanted = Settings.SCORING_STAGES.given(session).filter(count -> count > 0);
    long limit = NativeMemory.isLocal(conf) ? CutConstraints.UNLIMITED : available;
    Cut cut = wanted.map(count -> cut(costs, count, limit)).orElseGet(() -> fewest(costs, limit));
    LOG.info(
        "The network needs {} of native memory to score and an executor has {} ({}={}): rows flow"
            + " through {}, which start at layers {}",
        new Bytes(bytes(costs)).up(),
        new Bytes(available).down(),
        Settings.SCORING_WAY.key(),
        way,
        new Amount(cut.stages(), "stage"),
        cut.starts());
    return Optional.of(cut);
  }

  private static long bytes(LayerCosts costs) {
    return costs.stateBytes(0, costs.count()) + costs.keptBytes(0, costs.count());
  }

  private static Cut best(LayerCosts costs, int stages, long limit) {
    // What is on its way between stages may all have come to one of them.
    long largest = costs.layers().stream().mapToLong(LayerCost::outputBytes).max().orElseThrow();
    long rest = limit - ScoringFrames.AHEAD_A_STAGE * stages * largest;
    return Partitioner.partition(
        costs, CutConstraints.of(stages).withMemoryLimit(Math.max(0, rest)));
  }

  private static Cut cut(LayerCosts costs, int stages, long limit) {
    try {
      return best(costs, stages, limit);
    } catch (IllegalArgumentException none) {
      throw new IllegalArgumentException(
          "The network cannot be scored through "
              + new Amount(stages, "stage")
              + " ("
              + Settings.SCORING_STAGES.key()
              + "): "
              + none.getMessage(),
          none);
    }
  }

  private static Cut fewest(LayerCosts costs, long limit) {
    int least = (int) Math.max(2, Math.min(costs.count(), bytes(costs) / Math.max(1, limit)));
    for (int stages = least; stages <= costs.count(); stages++) {
      try {
        return best(costs, stages, limit);
      } catch (IllegalArgumentException tooLarge) {
        // More stages may do.
      }
    }
    if (costs.count() == 1) {
      return cut(costs, 1, limit);
    }
    long largest = 0;
    for (int layer = 0; layer < costs.count(); layer++) {
      long own = costs.stateBytes(layer, layer + 1) + costs.keptBytes(layer, layer + 1);
      largest = Math.max(largest, own);
    }
    throw new IllegalArgumentException(
        "The network does not fit into executors in any number of stages: its largest layer needs "
            + new Bytes(largest).up()
            + " of native memory with the copy that kernels pack and the activations of a block,"
            + " an executor has "
            + new Bytes(limit).down()
            + ". Set more spark.executor.memoryOverhead, or score fewer rows together"
            + " (setBlockSize).");
  }
}
