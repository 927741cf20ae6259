package io.penstock.examples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Fashion-MNIST: 28 × 28 grey images of ten kinds of clothing, 60,000 for training and 10,000 for
 * testing (Xiao, Rasul, Vollgraf, arXiv 1708.07747). Reads a folder with the four original {@code
 * *-ubyte.gz} files, or the sample in Parquet that ships with the examples.
 */
public final class FashionMnist {
  /** Length of a features array: pixels of an image. */
  public static final int FEATURES = IdxImages.PIXELS;

  /** Number of labels: 0 to 9. */
  public static final int CLASSES = 10;

  private static final String[] NAMES = {
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot"
  };

  private static final StructType IMAGES =
      new StructType()
          .add("image", DataTypes.BinaryType, false)
          .add("label", DataTypes.IntegerType, false);

  private final SparkSession spark;
  private final String folder;

  /**
   * Names the data; nothing is read yet.
   *
   * @param folder the four original files, or Parquet folders {@code train} and {@code test}; on
   *     any file system that Spark's driver and executors all see
   */
  public FashionMnist(SparkSession spark, String folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /**
   * The folder of the sample that ships with the examples: 12,000 + 2,000 images. {@code
   * examples/run} says where the examples are; without it, they are looked for beneath the working
   * directory.
   */
  public static String sample() {
    String examples = System.getenv().getOrDefault("PENSTOCK_EXAMPLES", "examples");
    return examples + "/data/fashion-mnist";
  }

  /**
   * Looks whether a folder holds the data, without a Spark session: what is wrong is found out
   * before a cluster is started.
   *
   * @throws IllegalArgumentException where it does not, with where to get them
   */
  static void requireIn(String folder) {
    Configuration files = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    for (String split : List.of("train", "test")) {
      if (!exists(files, original(folder, split)) && !exists(files, folder + "/" + split)) {
        throw missing(folder, split);
      }
    }
  }

  private static String original(String folder, String split) {
    return folder + "/" + (split.equals("test") ? "t10k" : split) + "-images-idx3-ubyte.gz";
  }

  private static IllegalArgumentException missing(String folder, String split) {
    return new IllegalArgumentException(
        "No Fashion-MNIST in '"
            + folder
            + "': it holds neither "
            + new Path(original(folder, split)).getName()
            + " nor a folder "
            + split
            + ". Leave --data out for the sample, or fetch the four files from"
            + " https://github.com/zalandoresearch/fashion-mnist (on Debian and Ubuntu: package"
            + " dataset-fashion-mnist, folder /usr/share/datasets/fashion-mnist)");
  }

  /** What the labels stand for, in their order. */
  public static String[] names() {
    return NAMES.clone();
  }

  /** The training rows: {@code features} ({@code array<float>}, 0 to 1), {@code label} (double). */
  public Dataset<Row> train() {
    return features(images("train"));
  }

  /** The test rows, in the same columns as {@link #train()}. */
  public Dataset<Row> test() {
    return features(images("test"));
  }

  /**
   * The images as they are stored: {@code image} (784 bytes), {@code label} (int), in the order of
   * the files. The original files cannot be split: they make one partition, read as a stream by the
   * task that needs it.
   *
   * @param split {@code train} or {@code test}
   * @throws IllegalArgumentException where the folder holds neither form of the split
   */
  Dataset<Row> images(String split) {
    Configuration files = spark.sparkContext().hadoopConfiguration();
    String images = original(whole(folder), split);
    if (exists(files, images)) {
      return spark
          .createDataset(List.of(images), Encoders.STRING())
          .coalesce(1)
          .flatMap((FlatMapFunction<String, Row>) FashionMnist::open, Encoders.row(IMAGES));
    }
    if (exists(files, folder + "/" + split)) {
      return spark.read().schema(IMAGES).parquet(folder + "/" + split);
    }
    throw missing(folder, split);
  }

  private static Iterator<Row> open(String images) throws IOException {
    Path path = new Path(images);
    FileSystem files = path.getFileSystem(new Configuration());
    Path labels = new Path(images.replace("-images-idx3-", "-labels-idx1-"));
    return new IdxImages(files.open(path), files.open(labels));
  }

  private static Dataset<Row> features(Dataset<Row> images) {
    UDF1<byte[], float[]> scale = FashionMnist::scale;
    return images.select(
        udf(scale, DataTypes.createArrayType(DataTypes.FloatType, false))
            .apply(col("image"))
            .as("features"),
        col("label").cast(DataTypes.DoubleType).as("label"));
  }

  private static float[] scale(byte[] pixels) {
    float[] features = new float[pixels.length];
    for (int i = 0; i < features.length; i++) {
      features[i] = (pixels[i] & 0xff) / 255f;
    }
    return features;
  }

  /** The folder with its file system's name: an executor has another working directory. */
  private String whole(String folder) {
    try {
      Path path = new Path(folder);
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      return files.makeQualified(path).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for " + folder, e);
    }
  }

  private static boolean exists(Configuration files, String file) {
    try {
      Path path = new Path(file);
      return path.getFileSystem(files).exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for " + file, e);
    }
  }
}
