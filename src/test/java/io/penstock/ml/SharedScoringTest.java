package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeHeap;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A process holds the network that it scores with once, whatever scores with it how often. */
@Timeout(300)
@LocalSpark(
    slots = 3,
    settings = {"spark.penstock.scoring.keep=100ms"})
class SharedScoringTest {
  private static final int WIDTH = 64;
  private static final int HIDDEN = 1024;
  private static final int BLOCK = 16;
  private static final Sequential NETWORK = Sequential.perceptron(WIDTH, HIDDEN, HIDDEN, HIDDEN, 3);

  /** Bytes of the weights, without biases. */
  private static final long WEIGHTS = (long) Float.BYTES * HIDDEN * (WIDTH + 2 * HIDDEN + 3);

  /** Tasks of one JVM meet here. */
  private static volatile CyclicBarrier together;

  private static final List<Long> BYTES = new CopyOnWriteArrayList<>();

  private final SparkSession spark;

  SharedScoringTest(SparkSession spark) {
    this.spark = spark;
  }

  private static List<Parameters> initial() {
    return IntStream.range(0, NETWORK.layers().size())
        .mapToObj(layer -> Parameters.initial(NETWORK.parameters(layer), 3, layer))
        .toList();
  }

  private static PipelineParallelClassificationModel model() {
    List<Parameters> initial = initial();
    NetworkWeights weights = NetworkWeights.inMemory(initial);
    initial.forEach(Parameters::close);
    return new PipelineParallelClassificationModel(
            "model", new FittedNetwork(new Scorer(NETWORK.toWire(), weights), List.of(), null))
        .setBlockSize(BLOCK);
  }

  private static Dataset<Row> features(Dataset<?> ids, String id) {
    return ids.selectExpr(
        id + " id",
        "transform(sequence(1, " + WIDTH + "), i -> float(sin(" + id + " * i))) features");
  }

  private Dataset<Row> rows(int partitions) {
    return features(spark.range(0, 40L * partitions, 1, partitions), "id");
  }

  /** Scores on so many tasks at the same time; returns the bytes that the process has then. */
  private long bytesWithTasks(PipelineParallelClassificationModel model, int tasks) {
    together = new CyclicBarrier(tasks);
    BYTES.clear();
    model
        .transform(rows(tasks))
        .foreachPartition(
            (ForeachPartitionFunction<Row>)
                scored -> {
                  assertTrue(scored.hasNext());
                  scored.next();
                  together.await(1, TimeUnit.MINUTES);
                  BYTES.add(NativeHeap.bytes());
                  together.await(1, TimeUnit.MINUTES);
                  scored.forEachRemaining(row -> {});
                });
    return BYTES.stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  private static void awaitFree() throws InterruptedException {
    while (NetworkCopies.HERE.count() > 0) {
      Thread.sleep(10); // the test's limit ends it
    }
  }

  @Test
  void allTasksOfAProcessShareOneCopyWhichIsFreedAfterThem() throws Exception {
    PipelineParallelClassificationModel model = model();
    bytesWithTasks(model, 3); // whatever is made once
    awaitFree();
    long before = NativeHeap.bytes();
    long one = bytesWithTasks(model, 1) - before;
    awaitFree();
    long three = bytesWithTasks(model, 3) - before;
    assertEquals(1, NetworkCopies.HERE.count());
    assertTrue(one >= WEIGHTS, one + " bytes for weights of " + WEIGHTS);
    assertTrue(three < one + WEIGHTS / 2, three + " bytes with three tasks, with one " + one);
    awaitFree();
    long left = NativeHeap.bytes() - before;
    assertTrue(left < WEIGHTS / 4, left + " bytes are left of " + one);
  }

  @Test
  void manyTransformsTakeNoMoreMemoryThanOne() throws Exception {
    PipelineParallelClassificationModel model = model();
    model.transform(rows(2)).count();
    awaitFree();
    long first = 0;
    for (int i = 0; i < 12; i++) {
      long bytes = bytesWithTasks(model, 2);
      first = i == 0 ? bytes : first;
      assertTrue(bytes < first + WEIGHTS / 4, bytes + " bytes at transform " + i + " of " + first);
    }
    // Models that come and go do not pile up either, although none is collected yet.
    for (int i = 0; i < 6; i++) {
      bytesWithTasks(model(), 2);
      awaitFree();
    }
    assertTrue(NativeHeap.bytes() < first);
  }

  @Test
  void scoresAreThoseOfTheNetworkBitForBit() {
    int partitions = 2;
    List<Row> scored =
        model()
            .transform(rows(partitions))
            .select("id", "rawPrediction", "features")
            .collectAsList();
    List<Parameters> parameters = initial();
    for (int partition = 0; partition < partitions; partition++) {
      List<Row> own = scored.subList(40 * partition, 40 * (partition + 1));
      for (int at = 0; at < own.size(); at += BLOCK) {
        List<Row> block = own.subList(at, Math.min(at + BLOCK, own.size()));
        INDArray output = NETWORK.output(parameters, features(block));
        for (int row = 0; row < block.size(); row++) {
          double[] wanted = output.getRow(row).toDoubleVector();
          assertEquals(40L * partition + at + row, block.get(row).getLong(0));
          assertArrayEquals(wanted, ((Vector) block.get(row).get(1)).toArray());
        }
      }
    }
    parameters.forEach(Parameters::close);
  }

  private static INDArray features(List<Row> block) {
    float[][] features = new float[block.size()][WIDTH];
    for (int row = 0; row < features.length; row++) {
      List<Float> own = new ArrayList<>(block.get(row).getList(2));
      for (int i = 0; i < WIDTH; i++) {
        features[row][i] = own.get(i);
      }
    }
    return Nd4j.createFromArray(features);
  }

  @Test
  void aStreamThatScoresEachOfItsBatchesStaysWithinItsMemory() throws Exception {
    PipelineParallelClassificationModel model = model();
    int warmUp = 5;
    int wanted = Integer.getInteger("penstock.scoredBatches", 16); // about one a second
    CountDownLatch batches = new CountDownLatch(wanted);
    List<Long> bytes = new CopyOnWriteArrayList<>();
    VoidFunction2<Dataset<Row>, Long> score =
        (batch, number) -> {
          long rows = model.transform(batch).filter("prediction >= 0").count();
          if (rows > 0) {
            bytes.add(NativeHeap.bytes());
            batches.countDown();
          }
        };
    Dataset<Row> stream =
        features(spark.readStream().format("rate").option("rowsPerSecond", 200).load(), "value");
    StreamingQuery query =
        stream.writeStream().trigger(Trigger.ProcessingTime(50)).foreachBatch(score).start();
    try {
      assertTrue(
          batches.await(10L * wanted, TimeUnit.SECONDS), () -> String.valueOf(query.exception()));
    } finally {
      query.stop();
    }
    long first = bytes.subList(0, warmUp).stream().mapToLong(Long::longValue).max().orElseThrow();
    long most =
        bytes.subList(warmUp, wanted).stream().mapToLong(Long::longValue).max().orElseThrow();
    System.out.printf(
        "%d batches: %d bytes of native memory in the first %d, then %d at most and %d in the"
            + " end%n",
        wanted, first, warmUp, most, bytes.get(wanted - 1));
    assertTrue(most < first + WEIGHTS / 4, most + " bytes after " + first + " in the beginning");
    awaitFree();
  }
}
