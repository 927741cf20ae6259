package io.penstock.bench;

import io.penstock.examples.FashionCnn;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.Layer;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Convolution;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Embedding;
import io.penstock.nn.layer.TransformerBlock;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;
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
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.ArraySeq;

/**
 * A piece of reference work: what is trained, on how many rows, and how.
 *
 * @param name what it is called on the command line
 * @param network the network; its loss takes class numbers, of a row or of every id
 * @param rows rows of the data: random numbers in [0, 1), or random ids where the network begins
 *     with an {@link Embedding}; then each has the id behind it as its label
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
        new Work("W0", Sequential.perceptron(784, 256, 128, 100, 10), 25_600, 128, "adam", 1e-3),
        new Work(
            "W1",
            Sequential.perceptron(784, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 10),
            8192,
            512,
            "nesterovs",
            0.01),
        new Work("W2", gpt(1024, 64, 256, 8, 4), 128, 32, "adam", 1e-3),
        new Work("W3", FashionCnn.network(), 4096, 128, "adam", 0.002),
        new Work("deep", perceptron(32, 32), 2048, 256, "nesterovs", 0.01),
        new Work("small-gpt", gpt(64, 8, 32, 2, 2), 64, 16, "adam", 1e-3),
        new Work("small", Sequential.perceptron(16, 32, 32, 4), 256, 64, "nesterovs", 0.01));
  }

  private static Sequential perceptron(int width, int layers) {
    int[] sizes = new int[layers + 1];
    Arrays.fill(sizes, width);
    return Sequential.perceptron(sizes);
  }

  private static Sequential gpt(int vocabulary, int length, int width, int blocks, int heads) {
    NetworkBuilder network =
        Sequential.input(length).embedding(vocabulary, width).positions(length);
    for (int block = 0; block < blocks; block++) {
      network.transformerBlock(heads, 4L * width, true, 0);
    }
    return network.layerNorm().dense(vocabulary).loss(Losses.softmaxCrossEntropy()).build();
  }

  /** Whether its rows are sequences of ids. */
  public boolean isOfSequences() {
    return network.layers().get(0) instanceof Embedding;
  }

  /** Whether it is dense layers, activations between them, and nothing else. */
  boolean isPerceptron() {
    return network.layers().stream()
        .allMatch(layer -> layer instanceof Dense || layer instanceof ActivationLayer);
  }

  /** What a label is. */
  LabelKind labels() {
    int classes = Math.toIntExact(network.output().dims().get(network.output().rank() - 1));
    return isOfSequences() ? LabelKind.ids(classes) : LabelKind.classId(classes);
  }

  /** Where features and labels stand in {@link #data}. */
  FeatureColumns columns(StructType schema) {
    int width = Math.toIntExact(network.input().size());
    return isOfSequences()
        ? FeatureColumns.sequences(schema, "features", "label", labels(), width)
        : FeatureColumns.of(schema, List.of("features"), "label", labels(), width);
  }

  /** What {@link #named} knows. */
  static List<String> names() {
    return all().stream().map(Work::name).toList();
  }

  /** Those of {@link #names} that are perceptrons. */
  static List<String> perceptrons() {
    return all().stream().filter(Work::isPerceptron).map(Work::name).toList();
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
                    "--work is '" + name + "': write one of " + String.join(", ", names())));
  }

  /** Steps of a pass over the data. */
  int steps() {
    return (rows + batchSize - 1) / batchSize;
  }

  /** Floating-point operations of a row in one step: forward, both halves of the backward. */
  double flopsOfRow() {
    return FORWARDS_A_STEP * (double) layers().mapToLong(layer -> network.flops(layer)).sum();
  }

  /**
   * The matrix product of the layer that has most to do: {rows, inputs, outputs}; of sequences, the
   * first product of a block's dense layers, on all places of its rows; of a convolution, that of
   * all its windows.
   */
  long[] gemmShape(int microBatches) {
    int rowsOfOne = (batchSize + microBatches - 1) / microBatches;
    for (Layer layer : network.layers()) {
      if (layer instanceof TransformerBlock block) {
        long length = network.input().size();
        return new long[] {rowsOfOne * length, width(), block.hidden()};
      }
    }
    int heaviest =
        layers()
            .boxed()
            .max((a, b) -> Long.compare(network.flops(a), network.flops(b)))
            .orElseThrow();
    long outputs = network.shape(heaviest + 1).size();
    if (network.layers().get(heaviest) instanceof Convolution convolution) {
      long windows = outputs / convolution.outputs();
      long inputs = network.parameterCount(heaviest) / convolution.outputs();
      return new long[] {rowsOfOne * windows, inputs, convolution.outputs()};
    }
    return new long[] {rowsOfOne, network.shape(heaviest).size(), outputs};
  }

  private long width() {
    return network.shape(1).dims().get(1);
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

  /** The ids of one row, the same for all who ask: one more than a sequence has. */
  private int[] ids(long row) {
    int vocabulary = Math.toIntExact(network.output().dims().get(1));
    return new Random(row).ints(network.input().size() + 1, 0, vocabulary).toArray();
  }

  private Row row(long row) {
    if (isOfSequences()) {
      int[] ids = ids(row);
      return RowFactory.create(
          new ArraySeq.ofInt(Arrays.copyOf(ids, ids.length - 1)),
          new ArraySeq.ofInt(Arrays.copyOfRange(ids, 1, ids.length)));
    }
    return RowFactory.create(new ArraySeq.ofFloat(features(row)), (double) label(row));
  }

  /** The rows as a DataFrame: {@code features}, an array of floats or ids, and {@code label}. */
  Dataset<Row> data(SparkSession spark, int partitions) {
    String itsName = name; // a network does not travel; its name does
    DataType ids = DataTypes.createArrayType(DataTypes.IntegerType, false);
    DataType numbers = DataTypes.createArrayType(DataTypes.FloatType, false);
    return spark
        .range(0, rows, 1, partitions)
        .map(
            (MapFunction<Long, Row>) row -> named(itsName).row(row),
            Encoders.row(
                new StructType()
                    .add("features", isOfSequences() ? ids : numbers)
                    .add("label", isOfSequences() ? ids : DataTypes.DoubleType)));
  }
}
