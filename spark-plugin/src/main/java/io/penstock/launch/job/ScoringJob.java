package io.penstock.launch.job;

import io.penstock.Internal;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.launch.SentWeights;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.Placement;
import io.penstock.launch.cluster.Preflight;
import io.penstock.nn.network.Sequential;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;
import scala.reflect.ClassTag$;

/**
 * Scoring through stages: a barrier Spark stage between two shuffles, with a rank for each stage of
 * the network. The first shuffle brings features to the first rank and the rows to all ranks alike;
 * the second brings outputs, from the last rank, and rows back to the rows' partitions. Nothing
 * comes to the driver.
 *
 * <p>Rows and outputs of one attempt only ever meet: both leave the same barrier Spark stage, of
 * which Spark does all again when a part fails or is lost. So a row's scores are its own also where
 * the data would not come in the same order a second time. Immutable; for the driver's threads.
 *
 * @param network that scores
 * @param starts the first layer of each stage, a rank a stage
 * @param blockRows of a block at most
 * @param predicted whether to say outputs as the loss does
 * @param stored weights that are in files; null where they are broadcast
 * @param sent weights that are broadcast; null where they are in files
 */
@Internal
public record ScoringJob(
    Sequential network,
    List<Integer> starts,
    int blockRows,
    boolean predicted,
    NetworkWeights stored,
    Broadcast<SerializableWritable<SentWeights>> sent) {
  /** Slot, on the way back, of what was carried: see {@link BlockPart}. */
  public static final int ROWS = 0;

  /** Slot, on the way back, of a block's {@link io.penstock.train.Outputs}, Java-serialised. */
  public static final int OUTPUTS = 1;

  /** Returns the number of ranks. */
  public int ranks() {
    return starts.size();
  }

  /**
   * Returns the blocks as they come back, in the partitions that they came from and in their order
   * there, each as what was carried and then, where it had rows to score, the outputs. Waits for
   * executors; lazy but for that.
   *
   * @param parts for each block one for each rank, Java-serialised {@link BlockPart}s under a
   *     {@link BlockKey} with the rank as its slot
   * @param partitions of the rows
   * @throws io.penstock.launch.cluster.PreflightException if the cluster cannot carry the stages
   */
  public JavaPairRDD<Long, byte[]> scored(
      SparkContext context, JavaPairRDD<Long, byte[]> parts, int partitions) {
    Placement placement = Preflight.awaitToScore(context, ranks(), GpuUse.AUTO);
    ScoringTask task =
        new ScoringTask(
            placement.device(), network.toWire(), starts, blockRows, predicted, stored, sent);
    RDD<Tuple2<Long, byte[]>> toRanks =
        parts
            .repartitionAndSortWithinPartitions(
                BlockKey.To.ranks(ranks()), Comparator.naturalOrder())
            .rdd();
    RDD<Tuple2<Long, byte[]>> scored =
        toRanks
            .barrier()
            .mapPartitions(
                new ScoringTask.Function(task), false, ClassTag$.MODULE$.apply(Tuple2.class));
    placement.profile().ifPresent(scored::withResources);
    return JavaPairRDD.fromJavaRDD(scored.toJavaRDD())
        .repartitionAndSortWithinPartitions(
            BlockKey.To.partitions(partitions), Comparator.naturalOrder());
  }
}
