package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Rows;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import io.penstock.nn.network.Sequential;
import java.util.Collection;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Exchange of gradients between the replicas of a rank: an all-reduce whose sums are in ascending
 * order of the replicas, and so the same on any number of stages and on one device that sums as
 * many groups. For the rank's thread.
 *
 * <p>Each replica sums one part of every layer for all. The others send it their parts straight, in
 * the order of a ring from the sender on, so that no two begin with the same receiver; then it
 * sends the sum to all. Every rank sends and gets {@code 2 (R - 1) / R} of its gradients, as in a
 * ring all-reduce (Patarasuk and Yuan 2009), in two hops in place of {@code 2 (R - 1)}; the sums of
 * a ring begin at another replica for every part, so they would depend on the number of parts. A
 * part leaves as soon as its layer's last weight gradient is done, and travels beside the backward
 * of the layers before it.
 *
 * <p>Where the optimizer is sharded, a part is a whole layer, which its {@linkplain LayerOwners
 * owner} sums and updates; what comes back then are the layer's weights.
 */
final class GradientExchange {
  private final RankContext context;
  private final Exchange exchange;
  private final Topology topology;
  private final int replica;
  private final boolean sharded;
  private final LayerOwners owners;
  private final PartTimes times;

  GradientExchange(RankContext context, LayerOwners owners) {
    this.context = context;
    this.exchange = context.exchange();
    this.topology = context.topology();
    this.replica = topology.replicaOf(context.rank());
    this.sharded = context.plan().replication().shardsOptimizer();
    this.owners = owners;
    this.times = new PartTimes(context.rank(), context.clock()::nanos);
  }

  /** Returns the times of the parts of a step's gradients. */
  PartTimes times() {
    return times;
  }

  /** Begins a step: parts that others will send are expected from now on. */
  void begin(Collection<Stage> stages, long step) {
    if (topology.replicas() == 1) {
      return;
    }
    times.begin();
    for (Stage stage : stages) {
      for (int layer = stage.end() - 1; layer >= stage.first(); layer--) {
        Part part = part(stage.weights(), layer, replica);
        for (int hop = 1; hop < topology.replicas() && !part.isEmpty(); hop++) {
          int peer = topology.peer(context.rank(), (replica + hop) % topology.replicas());
          exchange.post(reduced(peer, layer, step), times.expect(layer, peer, part.bytes()));
        }
      }
    }
  }

  /** Numbers of a layer that one replica sums. */
  private record Part(long from, long to) {
    static Part of(long size, int replica, int replicas, int owner, boolean sharded) {
      if (sharded) {
        return new Part(0, owner == replica ? size : 0);
      }
      return new Part(size * replica / replicas, size * (replica + 1) / replicas);
    }

    boolean isEmpty() {
      return from == to;
    }

    long bytes() {
      return Float.BYTES * (to - from);
    }
  }

  private Part part(StageWeights weights, int layer, int ofReplica) {
    long size = weights.gradients(layer).size();
    return Part.of(size, ofReplica, topology.replicas(), owners.of(layer), sharded);
  }

  /** Lists the frames of this exchange for a rank. */
  static void list(FrameList frames) {
    Topology topology = frames.topology();
    Sequential network = frames.network();
    LayerOwners owners = LayerOwners.of(network, frames.cut(), topology.replicas());
    boolean sharded = frames.training().replication().shardsOptimizer();
    int own = topology.replicaOf(frames.rank());
    long part = 0;
    long[] gathered = new long[topology.replicas()];
    for (int layer = 0; layer < network.layers().size(); layer++) {
      if (!topology.holds(frames.rank(), frames.cut().stageOf(layer))) {
        continue;
      }
      long size = network.parameterCount(network.owner(layer));
      for (int replica = 0; replica < topology.replicas(); replica++) {
        Part of = Part.of(size, replica, topology.replicas(), owners.of(layer), sharded);
        part = replica == own ? Math.max(part, of.to() - of.from()) : part;
        gathered[replica] = Math.max(gathered[replica], of.to() - of.from());
      }
    }
    for (int replica = 0; replica < topology.replicas(); replica++) {
      int peer = topology.peer(frames.rank(), replica);
      frames.layers(new Channel.ReduceScatter(peer), peer, DataType.FLOAT, part);
      frames.layers(new Channel.AllGather(peer), peer, DataType.FLOAT, gathered[replica]);
    }
  }

  /** Sends the parts of a layer's gradient, which is complete, to the replicas that sum them. */
  void give(StageWeights weights, int layer, long step) {
    for (int hop = 1; hop < topology.replicas(); hop++) {
      int to = (replica + hop) % topology.replicas();
      Part part = part(weights, layer, to);
      if (!part.isEmpty()) {
        // Of tied weights, what comes back need not tell that all was read.
        Loan loan =
            weights.isTied(layer)
                ? exchange.frame(weights.sums().part(layer, part.from(), part.to()))
                : weights.sums().lend(layer, part.from(), part.to());
        int peer = topology.peer(context.rank(), to);
        times.hand(layer, peer, part.bytes());
        exchange.lend(peer, reduced(context.rank(), layer, step), loan);
      }
    }
  }

  /** Sums what this replica sums of a stage, and sends the sums where those are what comes back. */
  void reduceScatter(Stage stage, long step) throws InterruptedException {
    times.endBackward();
    StageWeights weights = stage.weights();
    for (int layer = stage.end() - 1; layer >= stage.first(); layer--) {
      Part part = part(weights, layer, replica);
      if (!part.isEmpty()) {
        INDArray sum = weights.sums().part(layer, part.from(), part.to());
        sum(sum, layer, step);
        if (!sharded) {
          giveAll(sum, layer, step);
        }
      }
    }
  }

  /** Adds the other replicas' parts to this one's, in ascending order of the replicas. */
  private void sum(INDArray own, int layer, long step) throws InterruptedException {
    Rows rows = context.pool().compute(own).rows();
    Loan before = null;
    for (int other = 0; other < topology.replicas(); other++) {
      if (other == replica) {
        if (before != null) {
          rows.add(own, before.array(), own);
          before.close();
        }
        continue;
      }
      int peer = topology.peer(context.rank(), other);
      try (Loan part = exchange.take(reduced(peer, layer, step))) {
        if (other > replica) {
          rows.add(own, part.array(), own);
        } else if (before == null) {
          before = exchange.copy(part.array());
        } else {
          rows.add(before.array(), part.array(), before.array());
        }
      }
    }
  }

  /** Sends an array, as it is now, to all other replicas. */
  private void giveAll(INDArray array, int layer, long step) {
    try (Loan copy = exchange.frame(array)) {
      for (int hop = 1; hop < topology.replicas(); hop++) {
        int peer = topology.peer(context.rank(), (replica + hop) % topology.replicas());
        Tag tag = new Tag(new Channel.AllGather(context.rank()), step, layer);
        exchange.lend(peer, tag, copy.another(copy.array()));
      }
    }
  }

  /** Takes the sums of a stage's gradients that other replicas have made. */
  void gatherGradients(Stage stage, long step) throws InterruptedException {
    StageWeights weights = stage.weights();
    for (int layer = stage.end() - 1; layer >= stage.first(); layer--) {
      for (int hop = 1; hop < topology.replicas(); hop++) {
        int other = (replica + hop) % topology.replicas();
        Part part = part(weights, layer, other);
        if (!part.isEmpty()) {
          try (Loan sum = exchange.take(gathered(other, layer, step))) {
            NativeArrays.copy(sum.array(), weights.sums().part(layer, part.from(), part.to()));
          }
        }
      }
    }
  }

  /** Sends the weights that this replica has updated, and takes those of the others. */
  void gatherWeights(Stage stage, long step) throws InterruptedException {
    StageWeights weights = stage.weights();
    for (int layer : weights.own().keySet()) {
      if (owners.of(layer) == replica) {
        giveAll(weights.of(layer).flat(), layer, step);
      }
    }
    for (int layer : weights.own().keySet()) {
      if (owners.of(layer) != replica) {
        try (Loan updated = exchange.take(gathered(owners.of(layer), layer, step))) {
          weights.replace(layer, updated.array());
          weights.gradients(layer).clear();
        }
      }
    }
  }

  private Tag gathered(int fromReplica, int layer, long step) {
    int peer = topology.peer(context.rank(), fromReplica);
    return new Tag(new Channel.AllGather(peer), step, layer);
  }

  private static Tag reduced(int fromRank, int layer, long step) {
    return new Tag(new Channel.ReduceScatter(fromRank), step, layer);
  }
}
