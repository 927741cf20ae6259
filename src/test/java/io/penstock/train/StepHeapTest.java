package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.FreshProcess;
import io.penstock.feed.Batches;
import io.penstock.feed.MiniBatches;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How much a step leaves on Java's heap once it is warm: of many steps, the one that takes least,
 * for now and then a class is loaded or a list grows. In a process of its own, without the mode
 * that fills memory with NaN and looks at what layers write to, and whose compiler takes no object
 * away by itself.
 */
class StepHeapTest {
  private static final int MICRO_BATCHES = 8;
  private static final int ROWS = 4;
  private static final int STEPS = 100;
  private static final String PERCEPTRON = "perceptron";
  private static final String TRANSFORMER = "transformer";

  @Test
  void aStepOfAPerceptronLeavesTenKilobytes() throws Exception {
    assertLeaves(10, 1, PERCEPTRON);
  }

  @Test
  void aStepOfAPerceptronOnTwoRanksLeavesTwelveKilobytesOnEach() throws Exception {
    assertLeaves(12, 2, PERCEPTRON);
  }

  /** A block of a transformer makes some thirty objects a micro-batch, none of them an array's. */
  @Test
  void aStepOfATransformerLeavesNoViewOfAnArray() throws Exception {
    assertLeaves(70, 1, TRANSFORMER);
  }

  private static void assertLeaves(int kilobytes, int ranks, String network) throws Exception {
    List<String> told =
        FreshProcess.run(StepHeapTest.class, Map.of(), network, Integer.toString(ranks));
    assertEquals(ranks, told.size());
    for (String rank : told) {
      long bytes = Long.parseLong(rank);
      assertTrue(bytes <= kilobytes * 1024, network + " leaves " + bytes + " bytes a step");
    }
  }

  /** Trains the network of this name on so many ranks, and tells the bytes of each. */
  public static void main(String[] arguments) throws Exception {
    NativeRuntime.ready(1);
    Sequential network = network(arguments[0]);
    int ranks = Integer.parseInt(arguments[1]);
    int batch = ROWS * MICRO_BATCHES;
    TrainingPlan plan =
        new TrainingPlan(
            network.toJson(),
            Updater.adam(0.01).toJson(),
            ranks == 1 ? List.of(0) : List.of(0, 2),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", ranks, MICRO_BATCHES)),
            batch,
            2,
            7);
    MiniBatches rows = new MiniBatches((long) batch * STEPS, batch, MICRO_BATCHES);
    List<Link> links = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      links.add(Links.open(LinkConfig.on("127.0.0.1")));
    }
    List<Address> addresses = links.stream().map(Link::address).toList();
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    List<Future<Long>> least = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      int own = rank;
      Link link = links.get(rank);
      long width = network.input().size();
      least.add(
          threads.submit(
              () -> {
                link.connect(own, addresses);
                Heap heap = new Heap();
                Batches features = own == 0 ? batches(link, width) : null;
                Batches labels =
                    own == ranks - 1
                        ? batches(link, network.loss().labelWidth(network.output()))
                        : null;
                new RankRunner(own, plan, network, link, features, labels, rows, () -> false)
                    .run(heap, TrainedLayers.RETURNED);
                return heap.least;
              }));
    }
    for (Future<Long> one : least) {
      FreshProcess.tell(Long.toString(one.get()));
    }
    System.exit(0);
  }

  private static Sequential network(String name) {
    NetworkBuilder builder =
        name.equals(PERCEPTRON)
            ? Sequential.input(64)
                .dense(32, Activation.RELU)
                .dense(32, Activation.RELU)
                .dense(16, Activation.RELU)
                .dense(10)
            : Sequential.input(16)
                .embedding(50, 32)
                .positions(16)
                .transformerBlock(4, 64, true, 0)
                .layerNorm()
                .dense(64);
    return builder.loss(Losses.softmaxCrossEntropy()).build();
  }

  /** Class ids and token ids serve as features too; they are put where the feed puts them. */
  private static Batches batches(Link link, long width) {
    return new Batches() {
      @Override
      public void startEpoch(int epoch) {}

      @Override
      public INDArray microBatch(int step, int microBatch) {
        INDArray rows = link.blank(DataType.FLOAT, ROWS, width);
        for (long i = 0; i < rows.length(); i++) {
          rows.data().put(i, (i + step + microBatch) % 10);
        }
        return rows;
      }
    };
  }

  /** What a rank's thread takes for a step, at least. */
  private static final class Heap implements Progress {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long least = Long.MAX_VALUE;
    private long before;

    @Override
    public void stepTook(long nanos) {
      long now = threads.getCurrentThreadAllocatedBytes();
      least = before == 0 ? least : Math.min(least, now - before);
      before = now;
    }

    @Override
    public void epochDone(EpochReport report) {}
  }
}
