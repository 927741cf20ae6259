package io.penstock.train;

import com.sun.management.ThreadMXBean;
import io.penstock.feed.MiniBatches;
import io.penstock.launch.NativeRuntime;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Kind;
import io.penstock.schedule.Schedules;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What one rank on one thread makes of the machine: a perceptron 784-1024×8-10 in one stage, as a
 * share of the rate of a large matrix product measured between its epochs; then a small network for
 * a thousand steps, to see what memory does. Not a test. Arguments: the numbers of micro-batches.
 */
final class StepBenchmark {
  private static final int BATCH = 512;
  private static final int STEPS = 3;
  private static final int EPOCHS = 8;
  private static final int SMALL_STEPS = 1000;

  private final Sequential network;
  private final int batch;
  private final int steps;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final INDArray left = Nd4j.rand(DataType.FLOAT, 2048, 2048);
  private final INDArray right = Nd4j.rand(DataType.FLOAT, 2048, 2048);
  private final INDArray product = Nd4j.createUninitialized(DataType.FLOAT, 2048, 2048);

  private StepBenchmark(Sequential network, int batch, int steps) {
    this.network = network;
    this.batch = batch;
    this.steps = steps;
  }

  public static void main(String[] args) throws Exception {
    NativeRuntime.ready(1);
    int[] microBatches =
        args.length == 0
            ? new int[] {1, 2, 4, 8}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    StepBenchmark large = new StepBenchmark(perceptron(784, 1024, 8, 10), BATCH, STEPS);
    for (int m : microBatches) {
      large.speed(m);
    }
    new StepBenchmark(perceptron(64, 64, 8, 10), 64, 10).memory(8);
  }

  private static Sequential perceptron(int inputs, int width, int hidden, int outputs) {
    NetworkBuilder builder = Sequential.input(inputs);
    for (int i = 0; i < hidden; i++) {
      builder.dense(width, Activation.RELU);
    }
    return builder.dense(outputs).loss(Losses.softmaxCrossEntropy()).build();
  }

  /** Share of the limit and times of the actions. */
  private void speed(int microBatches) throws Exception {
    double flop = 6.0 * Arrays.stream(weights()).sum();
    List<Double> rates = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    List<Double> limits = new ArrayList<>();
    List<Long> heap = new ArrayList<>();
    double[] before = {limit()};
    long[] allocated = {0};
    RankResult result =
        run(
            microBatches,
            EPOCHS,
            report -> {
              heap.add(threads.getThreadAllocatedBytes(self()) - allocated[0]);
              double after = limit();
              double rate = report.rows() / report.times().seconds();
              rates.add(rate);
              limits.add(after);
              shares.add(rate * flop / ((before[0] + after) / 2));
              before[0] = after;
              allocated[0] = threads.getThreadAllocatedBytes(self());
            });
    List<Double> warm = rates.subList(2, EPOCHS);
    System.out.printf(
        "m=%d: %.0f rows/s, gemm %.1f GFLOP/s, share %.1f %%, heap %d KiB a step, ms a step %s%n",
        microBatches,
        median(warm),
        median(limits) / 1e9,
        100 * median(shares.subList(2, EPOCHS)),
        heap.get(EPOCHS - 1) / steps >> 10,
        millis(result));
  }

  /** Every kind of action's part of the last step, and what lies between two steps. */
  private static Map<String, Double> millis(RankResult result) {
    Map<Kind, Double> kinds = new EnumMap<>(Kind.class);
    for (ActionTime time : result.lastStep()) {
      kinds.merge(time.parsed().kind(), (time.endNanos() - time.startNanos()) / 1e6, Double::sum);
    }
    Map<String, Double> all = new java.util.TreeMap<>();
    kinds.forEach((kind, ms) -> all.put(kind.name(), Math.round(100 * ms) / 100.0));
    int last = result.stepStarts().length - 1;
    double gap = (result.stepStarts()[last] - result.stepEnds()[last - 1]) / 1e6;
    all.put("update", Math.round(100 * gap) / 100.0);
    return all;
  }

  /** Native and heap memory over many small steps. */
  private void memory(int microBatches) throws Exception {
    int epochs = SMALL_STEPS / steps;
    long[] allocated = {0};
    long[] start = {0};
    run(
        microBatches,
        epochs,
        report -> {
          if (report.epoch() % 10 == 9) {
            System.out.printf(
                "%d steps: %d µs a step, heap %.1f KiB a step, javacpp %.2f MiB, process %d MiB%n",
                (report.epoch() + 1) * steps,
                Math.round(1e6 * report.times().seconds() / steps),
                (threads.getThreadAllocatedBytes(self()) - allocated[0]) / 1024.0 / steps / 10,
                Pointer.totalBytes() / 1048576.0,
                Pointer.physicalBytes() >> 20);
            allocated[0] = threads.getThreadAllocatedBytes(self());
          }
        });
  }

  private RankResult run(int microBatches, int epochs, Progress progress) throws Exception {
    TrainingPlan plan =
        new TrainingPlan(
            network.toJson(),
            Updater.nesterovs(0.01, 0.9).toJson(),
            List.of(0),
            TrainingPlan.runnable(Schedules.generate("1f1b", 1, microBatches)),
            batch,
            epochs,
            7);
    MiniBatches miniBatches = new MiniBatches((long) batch * steps, batch, microBatches);
    int rows = batch / microBatches;
    INDArray features = Nd4j.rand(DataType.FLOAT, rows, network.input().size());
    float[] classes = new float[rows];
    Random random = new Random(1);
    for (int i = 0; i < rows; i++) {
      classes[i] = random.nextInt((int) network.output().size());
    }
    INDArray labels = Nd4j.createFromArray(classes).reshape('c', rows, 1);
    try (Link link = Links.open(LinkConfig.on("127.0.0.1"))) {
      link.connect(0, List.of(link.address()));
      return new RankRunner(
              0,
              plan,
              network,
              link,
              copies(features, link),
              copies(labels, link),
              miniBatches,
              () -> false)
          .run(progress);
    }
  }

  private static Batches copies(INDArray rows, Link link) {
    float[] values = rows.data().asFloat();
    return new Batches() {
      @Override
      public void startEpoch(int epoch) {}

      @Override
      public INDArray microBatch(int step, int microBatch) {
        INDArray batch = link.blank(DataType.FLOAT, rows.shape());
        ((FloatPointer) batch.data().pointer()).put(values);
        return batch;
      }
    };
  }

  private long[] weights() {
    long[] weights = new long[network.layers().size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = network.parameterCount(i);
    }
    return weights;
  }

  /** The rate of the large product, in FLOP/s. */
  private double limit() {
    double[] rates = new double[3];
    for (int i = 0; i < rates.length; i++) {
      long start = System.nanoTime();
      Nd4j.gemm(left, right, product, false, false, 1, 0);
      rates[i] = 2.0 * 2048 * 2048 * 2048 / (System.nanoTime() - start) * 1e9;
    }
    Arrays.sort(rates);
    return rates[1];
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static long self() {
    return Thread.currentThread().getId();
  }
}
