package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.CutSchedule;
import io.penstock.balance.HeldBytes;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.RecomputePolicy;
import io.penstock.feed.Batches;
import io.penstock.feed.MiniBatches;
import io.penstock.link.ForwardingLink;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a run takes off the heap is no more than its plan says, whatever of it is done again. */
@Timeout(120)
class SegmentMemoryTest {
  private static final int LAYERS = 16;
  private static final int WIDTH = 64;
  private static final int ROWS = 1024;
  private static final int MICRO_BATCHES = 8;

  private static Sequential network() {
    NetworkBuilder network = Sequential.input(WIDTH);
    for (int i = 0; i < LAYERS; i++) {
      network = network.dense(WIDTH, Activation.TANH);
    }
    return network.dense(3).loss(Losses.softmaxCrossEntropy()).build();
  }

  /** A link that knows how many bytes of its arrays are out: those that stages hand each other. */
  private static final class CountingLink extends ForwardingLink {
    private final Set<INDArray> out =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    CountingLink(Link link) {
      super(link);
    }

    @Override
    public INDArray blank(DataType type, long... shape) {
      INDArray array = super.blank(type, shape);
      out.add(array);
      return array;
    }

    @Override
    public void release(INDArray own) {
      out.remove(own);
      super.release(own);
    }

    long bytes() {
      synchronized (out) {
        return out.stream().mapToLong(NativeArrays::bytes).sum();
      }
    }
  }

  /** Zeros, which serve as features and as classes; looks at memory whenever it is asked. */
  private static Batches zeros(int width, Runnable look) {
    return new Batches() {
      @Override
      public void startEpoch(int epoch) {}

      @Override
      public INDArray microBatch(int step, int microBatch) {
        look.run();
        return NativeArrays.array(DataType.FLOAT, 'c', ROWS, width).assign(0);
      }
    };
  }

  /**
   * Returns the most bytes that a run of one rank takes: looked at before every forward of the
   * first layer, and before every backward of the last one, when its segment has been done again.
   */
  private static long taken(CutSchedule plan) throws Exception {
    TrainingPlan training =
        new TrainingPlan(
            network().toWire(),
            Updater.adam(0.01).toJson(),
            plan.cut().starts(),
            TrainingPlan.lowerAndVerify(plan.schedule()),
            ROWS * MICRO_BATCHES,
            2,
            7);
    long before = Held.now().bytes();
    AtomicLong most = new AtomicLong();
    try (Link link = Links.open(LinkConfig.on("127.0.0.1"))) {
      link.connect(0, List.of(link.address()));
      CountingLink counting = new CountingLink(link);
      Runnable look =
          () -> most.accumulateAndGet(Pointer.totalBytes() - before + counting.bytes(), Math::max);
      new RankRunner(
              0,
              training,
              network(),
              counting,
              zeros(WIDTH, look),
              zeros(1, look),
              new MiniBatches((long) ROWS * MICRO_BATCHES, ROWS * MICRO_BATCHES, MICRO_BATCHES),
              () -> false)
          .run(report -> {}, TrainedLayers.RETURNED);
    }
    return most.get();
  }

  @Test
  void aRunTakesNoMoreThanItsPlanSays() throws Exception {
    LayerCosts costs = LayerCosts.estimated(network(), ROWS, Updater.adam(0.01));
    Schedule one = Schedules.generate("gpipe", 1, MICRO_BATCHES);
    long never = 0;
    for (boolean offload : new boolean[] {false, true}) {
      for (RecomputePolicy policy : RecomputePolicy.values()) {
        long limit = policy == RecomputePolicy.AUTO ? never / 2 : CutConstraints.UNLIMITED;
        CutSchedule plan = policy.cut(one, costs, Optional.empty(), limit, offload);
        long planned = HeldBytes.of(plan.schedule(), plan.cut(), costs);
        long taken = taken(plan);
        String what =
            policy
                + (offload ? ", offloaded," : "")
                + " takes "
                + taken
                + " bytes, planned are "
                + planned;
        assertTrue(taken <= planned + planned / 50, what); // labels and scratch come on top
        assertTrue(taken > planned / 2, what);
        never = Math.max(never, planned);
      }
    }
  }
}
