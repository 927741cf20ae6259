package io.penstock.bench;

import io.penstock.examples.FashionCnn;
import io.penstock.nn.Sequential;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.ArraySeq;

/**
 * A piece of reference work: what is trained, on how many rows, and how.
 *
 * @param name what it is called on the command line
 * @param network the network; its loss takes class numbers
 * @param rows rows of the data, random numbers in [0, 1)
 * @param batchSize rows of a mini-batch
 * @param updater the updater's name
 * @param learningRate its learning rate
 */
public record Work(
    String name, Sequential network, int rows, int batchSize, String updater, double learningRate) {

  /** A backward pass costs two forward ones: the input's gradient and the weights'. */
  private static final int FORWARDS_A_STEP = 3;

  private static List<Work> all() {
    return List.of(
        new Work(
            "W1",
            Sequential.perceptron(784, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 10),
            8192,
            512,
            "nesterovs",
            0.01),
        new Work("W3", FashionCnn.network(), 4096, 128, "adam", 0.002),
        new Work("small", Sequential.perceptron(16, 32, 32, 4), 256, 64, "nesterovs", 0.01));
  }

  /**
   * The work of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Work named(String name) {
    return all().stream()
        .filter(work -> work.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--work is '"
                        + name
                        + "': write one of "
                        + all().stream().map(Work::name).toList()));
  }

  /** Steps of a pass over the data. */
  int steps() {
    return (rows + batchSize - 1) / batchSize;
  }

  /** Floating-point operations of a row in one step: forward, both halves of the backward. */
  double flopsOfRow() {
    return FORWARDS_A_STEP * (double) layers().mapToLong(layer -> network.flops(layer)).sum();
  }

  /** The matrix product of the layer that has most to do: {rows, inputs, outputs}. */
  long[] gemmShape(int microBatches) {
    int heaviest =
        layers()
            .boxed()
            .max((a, b) -> Long.compare(network.flops(a), network.flops(b)))
            .orElseThrow();
    int rowsOfOne = (batchSize + microBatches - 1) / microBatches;
    return new long[] {
      rowsOfOne, network.shape(heaviest).size(), network.shape(heaviest + 1).size()
    };
  }

  /** The sizes of a perceptron, from its input to its output. */
  public int[] sizes() {
    LongStream outputs =
        layers()
            .filter(layer -> network.parameterCount(layer) > 0)
            .mapToLong(layer -> network.shape(layer + 1).size());
    return LongStream.concat(LongStream.of(network.input().size()), outputs)
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  private IntStream layers() {
    return IntStream.range(0, network.layers().size());
  }

  /** The features of one row, the same for all who ask. */
  public float[] features(long row) {
    Random random = new Random(row);
    float[] features = new float[Math.toIntExact(network.input().size())];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextFloat();
    }
    return features;
  }

  /** The class of one row: all equally frequent, in no order. */
  public int label(long row) {
    return (int) Math.floorMod(row * 7919, network.output().size());
  }

  /** The rows as a DataFrame: {@code features}, an array of floats, and {@code label}. */
  Dataset<Row> data(SparkSession spark, int partitions) {
    String itsName = name; // a network does not travel; its name does
    return spark
        .range(0, rows, 1, partitions)
        .map(
            (MapFunction<Long, Row>)
                row -> {
                  Work work = named(itsName);
                  return RowFactory.create(
                      new ArraySeq.ofFloat(work.features(row)), (double) work.label(row));
                },
            Encoders.row(
                new StructType()
                    .add("features", DataTypes.createArrayType(DataTypes.FloatType, false))
                    .add("label", DataTypes.DoubleType)));
  }
}
