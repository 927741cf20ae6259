package io.penstock.examples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.row_number;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * Makes the sample of Fashion-MNIST that ships with the examples: of each class the first 1,200
 * training and 200 test images, in the order of the original files, one Parquet file each.
 *
 * <p>{@code examples/run sample-fashion-mnist --data FOLDER [--out FOLDER] [--train 1200] [--test
 * 200]}
 */
public final class SampleFashionMnist {
  private static final Example EXAMPLE =
      new Example(
          "sample-fashion-mnist",
          "Makes the sample under examples/data from the whole data set",
          List.of(
              Option.text("data", "/usr/share/datasets/fashion-mnist", "the original files"),
              Option.text("out", FashionMnist.sample(), "the folder to write to"),
              Option.count("train", 1200, "images of each class to train on"),
              Option.count("test", 200, "images of each class to test with")));

  private SampleFashionMnist() {}

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, SampleFashionMnist::make);
  }

  private static void make(Options options) throws IOException {
    Phases phases = Phases.sinceLaunch(System.out, System.getenv());
    FashionMnist.requireIn(options.text("data"));
    phases.next("starting Spark");
    SparkSession spark = SparkSession.builder().appName("sample Fashion-MNIST").getOrCreate();
    FashionMnist whole = new FashionMnist(spark, options.text("data"));
    Result result = new Result();
    for (String split : new String[] {"train", "test"}) {
      phases.next("sampling the %s images", split);
      Path folder = new Path(options.text("out"), split);
      write(firstOfEachClass(whole.images(split), options.count(split)), folder);
      result.with(split, spark.read().parquet(folder.toString()).count());
    }
    phases.next("stopping Spark");
    spark.stop();
    phases.end();
    result.with("out", options.text("out")).print();
  }

  /** The first {@code count} images of each label, in the order of the (one) partition. */
  static Dataset<Row> firstOfEachClass(Dataset<Row> images, int count) {
    return images
        .withColumn("place", monotonically_increasing_id())
        .withColumn("rank", row_number().over(Window.partitionBy("label").orderBy("place")))
        .where(col("rank").leq(count))
        .repartition(1)
        .sortWithinPartitions("place")
        .select("image", "label");
  }

  /** Writes one file of a name that does not change, so that a new sample replaces the old. */
  private static void write(Dataset<Row> sample, Path folder) throws IOException {
    Path parts = folder.suffix(".parts");
    sample
        .write()
        .mode(SaveMode.Overwrite)
        .option("compression", "zstd")
        .option("parquet.compression.codec.zstd.level", "19")
        // Hardly two images are alike: a dictionary would hold them all.
        .option("parquet.enable.dictionary", "false")
        .parquet(parts.toString());
    FileSystem files =
        folder.getFileSystem(sample.sparkSession().sparkContext().hadoopConfiguration());
    files.setWriteChecksum(false);
    files.delete(folder, true);
    files.mkdirs(folder);
    Path part = files.globStatus(new Path(parts, "part-*.parquet"))[0].getPath();
    FileUtil.copy(files, part, files, new Path(folder, "images.parquet"), true, files.getConf());
    files.delete(parts, true);
  }
}
