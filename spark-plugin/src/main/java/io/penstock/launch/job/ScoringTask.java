package io.penstock.launch.job;

import io.penstock.Amount;
import io.penstock.balance.Cut;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.compute.ComputeDevice;
import io.penstock.launch.JavaSerialized;
import io.penstock.launch.SentWeights;
import io.penstock.launch.cluster.ArrayLimit;
import io.penstock.launch.cluster.RankDevice;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import io.penstock.train.ScoringFrames;
import io.penstock.train.StageScorer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SerializableWritable;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;
import scala.runtime.AbstractFunction1;

/**
 * Barrier task of one rank of a network that scores through stages: reads the weights of its own
 * layers, meets its peers, and turns parts of blocks into what goes back to the rows' partitions.
 * The ranks meet among themselves, for the job is whatever action needs the scores, and the driver
 * may have none of ours running then.
 *
 * @param device of the rank
 * @param networkJson its description
 * @param starts the first layer of each stage
 * @param blockRows of a block at most
 * @param predicted whether to say outputs as the loss does
 * @param stored weights that are in files; null where they are broadcast
 * @param sent weights that are broadcast; null where they are in files
 */
record ScoringTask(
    RankDevice device,
    String networkJson,
    List<Integer> starts,
    int blockRows,
    boolean predicted,
    NetworkWeights stored,
    Broadcast<SerializableWritable<SentWeights>> sent)
    implements Serializable {

  /** The task as Spark calls it. */
  static final class Function
      extends AbstractFunction1<
          scala.collection.Iterator<Tuple2<Long, byte[]>>,
          scala.collection.Iterator<Tuple2<Long, byte[]>>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ScoringTask task;

    Function(ScoringTask task) {
      this.task = task;
    }

    @Override
    public scala.collection.Iterator<Tuple2<Long, byte[]>> apply(
        scala.collection.Iterator<Tuple2<Long, byte[]>> parts) {
      return task.blocks(BarrierTaskContext.get(), parts);
    }
  }

  private ScoredBlocks blocks(
      BarrierTaskContext context, scala.collection.Iterator<Tuple2<Long, byte[]>> parts) {
    int rank = context.partitionId();
    checkWhole(context);
    device.readyToScore(context, Math.max(1, context.cpus()));
    ArrayLimit.here().makeRoom();
    Sequential network = Sequential.fromWire(networkJson);
    Cut cut = new Cut(starts, network.layers().size());
    Link link =
        RankTask.open(
            ScoringFrames.forRank(rank, network, cut, blockRows), ComputeDevice.PROCESSOR);
    Map<Integer, Parameters> weights = new TreeMap<>();
    StageScorer scorer =
        new StageScorer(network, cut, rank, weights::get, link, RankTask.unwanted(context));
    ScoredBlocks blocks = new ScoredBlocks(parts, scorer, link, predicted);
    context.addTaskCompletionListener(
        (TaskCompletionListener)
            ended -> {
              blocks.fail(new IllegalStateException("Rank " + rank + " ended before its last row"));
              link.close();
              scorer.close();
              weights.values().forEach(Parameters::close);
            });
    try {
      read(network, cut.first(rank), cut.end(rank), weights);
      link.connect(rank, meet(context, link));
      return blocks;
    } catch (Throwable thrown) {
      throw RankTask.sneaky(blocks.fail(thrown));
    }
  }

  /**
   * Checks that all ranks are there. Of a barrier Spark stage that has lost some of its results
   * since, Spark would do those alone again; once one of its tasks fails, it does all.
   */
  private void checkWhole(BarrierTaskContext context) {
    int tasks = context.getTaskInfos().length;
    if (tasks != starts.size()) {
      throw new IllegalStateException(
          "Scores that "
              + tasks
              + " of "
              + new Amount(starts.size(), "rank")
              + " have made are lost: all ranks make theirs again.");
    }
  }

  private void read(Sequential network, int first, int end, Map<Integer, Parameters> weights) {
    NetworkWeights all = stored == null ? sent.value().value().weights() : stored;
    for (int layer = first; layer < end; layer++) {
      int owner = network.owner(layer);
      if (!weights.containsKey(owner)) {
        weights.put(owner, all.read(network, owner));
      }
    }
    if (sent != null) {
      SentWeights.drop(sent);
    }
  }

  private static List<Address> meet(BarrierTaskContext context, Link link) {
    String own = Base64.getEncoder().encodeToString(JavaSerialized.bytes(link.address()));
    List<Address> all = new ArrayList<>();
    Arrays.stream(context.allGather(own))
        .forEach(one -> all.add((Address) JavaSerialized.value(Base64.getDecoder().decode(one))));
    return all;
  }
}
