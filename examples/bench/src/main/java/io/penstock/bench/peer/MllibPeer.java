package io.penstock.bench.peer;

import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import io.penstock.bench.Work;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Spark MLlib's perceptron on {@code local[2]}: the same sizes and rows, but sigmoid, double
 * precision and the gradient of all rows at once, for it has no other. A pass is one Spark job, so
 * that the ends of the last jobs tell what a pass takes once the JVM is warm.
 */
public final class MllibPeer {
  private static final int WARM_UP = 2;
  private static final int PASSES = 2;

  private MllibPeer() {}

  /** Arguments: the work's name, rows, and {@code native} to use the OpenBLAS that JavaCPP has. */
  public static void main(String[] arguments) {
    Work work = Work.named(arguments[0]);
    int rows = Integer.parseInt(arguments[1]);
    if (List.of(arguments).contains("native")) {
      // Its folder has the libraries that it needs; they are loaded with it.
      Path folder = Path.of(Loader.load(openblas_nolapack.class)).getParent();
      System.setProperty(
          "dev.ludovic.netlib.blas.nativeLibPath", folder.resolve("libopenblas.so.0").toString());
    }
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("MLlib")
            .config("spark.ui.enabled", false)
            .config("spark.driver.maxResultSize", 0)
            .getOrCreate();
    Dataset<Row> data = data(spark, work, rows).repartition(2).cache();
    data.count();
    List<Long> jobEnds = new CopyOnWriteArrayList<>();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobEnd(SparkListenerJobEnd end) {
                jobEnds.add(end.time());
              }
            });
    new MultilayerPerceptronClassifier()
        .setLayers(work.sizes())
        .setSolver("gd")
        .setStepSize(work.learningRate())
        .setMaxIter(WARM_UP + PASSES)
        .setTol(0)
        .setSeed(42)
        .fit(data);
    spark.stop(); // hands out what the listener has not heard yet
    int last = jobEnds.size() - 1;
    double seconds = (jobEnds.get(last) - jobEnds.get(last - PASSES)) / 1e3 / PASSES;
    System.out.printf(Locale.ROOT, "PEER rows_per_s=%.1f blas=%s%n", rows / seconds, blas());
    System.exit(0);
  }

  /** The implementation that MLlib takes: a native one if there is one. */
  private static String blas() {
    try {
      return NativeBLAS.getInstance().getClass().getSimpleName();
    } catch (Throwable none) {
      return JavaBLAS.getInstance().getClass().getSimpleName();
    }
  }

  private static Dataset<Row> data(SparkSession spark, Work work, int rows) {
    List<Row> all =
        IntStream.range(0, rows)
            .mapToObj(
                row -> {
                  float[] features = work.features(row);
                  double[] wide = new double[features.length];
                  for (int i = 0; i < wide.length; i++) {
                    wide[i] = features[i];
                  }
                  return RowFactory.create(Vectors.dense(wide), (double) work.label(row));
                })
            .toList();
    return spark.createDataFrame(
        all,
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType));
  }
}
