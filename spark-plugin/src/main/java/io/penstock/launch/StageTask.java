package io.penstock.launch;

import io.penstock.feed.BatchReader;
import io.penstock.feed.Block;
import io.penstock.feed.EmptyDataException;
import io.penstock.feed.EpochOrder;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.MiniBatches;
import io.penstock.feed.RowStore;
import io.penstock.feed.Stores;
import io.penstock.link.Link;
import io.penstock.train.Batches;
import io.penstock.train.RankResult;
import io.penstock.train.RankRunner;
import io.penstock.train.TrainingPlan;
import java.io.File;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.util.JavaUtils;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Training on one rank: takes in its rows, meets its peers, trains, hands over. */
final class StageTask extends RankTask<Block, RankResult> {
  private static final long serialVersionUID = 1L;

  /** Off-heap memory for rows; what does not fit lies on local disk. */
  static final String FEED_MEMORY = "spark.penstock.feed.memory";

  private final TrainingPlan plan;
  private final FeatureColumns columns;
  private final LabelKind labels;

  StageTask(String runId, TrainingPlan plan, FeatureColumns columns, LabelKind labels) {
    super(runId);
    this.plan = plan;
    this.columns = columns;
    this.labels = labels;
  }

  @Override
  RankResult work(
      BarrierTaskContext context, Iterator<Block> blocks, Link link, DriverEndpoint.Remote driver)
      throws InterruptedException {
    SparkConf conf = SparkEnv.get().conf();
    // Not Utils.getLocalDir: Spark 4.1 gave it another parameter, so the jar would not link there.
    File[] disks = SparkEnv.get().blockManager().diskBlockManager().localDirs();
    Path directory = disks[context.partitionId() % disks.length].toPath();
    try (Stores stores = Stores.build(blocks, columns, labels, feedMemory(conf), directory)) {
      int rank = context.partitionId();
      long ownRows = Math.max(stores.features().rows(), stores.labels().rows());
      // One rank knows the rows, all must.
      List<String> rowsOfRanks = meet(context, link, Long.toString(ownRows));
      long rows = Long.parseLong(rowsOfRanks.get(plan.featureRank()));
      if (rows == 0) {
        throw new EmptyDataException();
      }
      MiniBatches miniBatches = new MiniBatches(rows, plan.batchSize(), plan.microBatches());
      RankRunner runner =
          new RankRunner(
              rank,
              plan,
              plan.network(),
              link,
              rank == plan.featureRank() ? batches(stores.features(), miniBatches) : null,
              rank == plan.labelRank() ? batches(stores.labels(), miniBatches) : null,
              miniBatches,
              context::isInterrupted);
      return runner.run(driver::tell);
    }
  }

  private Batches batches(RowStore rows, MiniBatches miniBatches) {
    return new Batches() {
      private BatchReader reader;

      @Override
      public void startEpoch(int epoch) {
        reader =
            new BatchReader(rows, new EpochOrder(rows.rows(), plan.seed(), epoch), miniBatches);
      }

      @Override
      public INDArray microBatch(int step, int microBatch) {
        return reader.read(step, microBatch);
      }
    };
  }

  private static long feedMemory(SparkConf conf) {
    return conf.contains(FEED_MEMORY)
        ? JavaUtils.byteStringAsBytes(conf.get(FEED_MEMORY))
        : Runtime.getRuntime().maxMemory() / 4;
  }
}
