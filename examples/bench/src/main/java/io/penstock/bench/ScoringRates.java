package io.penstock.bench;

import static org.apache.spark.sql.functions.sum;

import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import io.penstock.examples.Example;
import io.penstock.examples.Option;
import io.penstock.examples.Options;
import io.penstock.examples.Result;
import io.penstock.ml.PipelineParallelClassifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Rates at which rows are scored by a perceptron: whole in each executor, through stages, and by
 * MLlib's of the same sizes, in turns and on the same cached rows; and by DL4J's, in as many
 * processes without Spark, whose rows are ready as arrays. Ends with a line each: medians, and
 * ratios to MLlib's in the same round.
 *
 * <p>{@code examples/run scoring [--work W0] [--rows 16384] [--stages 2] [--repeats 5]}
 */
public final class ScoringRates {
  private static final Example EXAMPLE =
      new Example(
          "scoring",
          "Rows scored a second, whole and through stages, beside MLlib and DL4J",
          List.of(
              Option.oneOf("work", Work.perceptrons(), "a perceptron, for MLlib scores no other"),
              Option.count("rows", 16_384, "to score, in two partitions for each stage"),
              Option.count("stages", 2, "that rows flow through; as many executors"),
              Option.count("repeats", 5, "rounds, behind two that warm up")));

  private static final String WAY = "spark.penstock.scoring.way";
  private static final String STAGES = "spark.penstock.scoring.stages";
  private static final int WARM_UP = 2;
  private static final int LEARNT = 64;

  private ScoringRates() {}

  /** Measures; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(
        arguments,
        options -> {
          try (SparkSession spark = SparkSession.builder().appName("scoring").getOrCreate()) {
            measure(spark, options).forEach(Result::print);
          }
        });
  }

  static List<Result> measure(SparkSession spark, String... arguments)
      throws IOException, InterruptedException {
    return measure(spark, EXAMPLE.parse(arguments));
  }

  private static List<Result> measure(SparkSession spark, Options options)
      throws IOException, InterruptedException {
    Work work = Work.named(options.text("work"));
    int rows = options.count("rows");
    int stages = options.count("stages");
    Dataset<Row> data = data(spark, work, rows, 2 * stages).cache();
    data.count();
    Dataset<Row> few = data.limit(LEARNT);
    Model<?> ours =
        new PipelineParallelClassifier()
            .setNetwork(work.network())
            .setNumStages(1)
            .setEpochs(1)
            .fit(few);
    Model<?> theirs =
        new MultilayerPerceptronClassifier().setLayers(work.sizes()).setMaxIter(1).fit(few);
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (int round = -WARM_UP; round < options.count("repeats"); round++) {
      Map<String, Double> own = round(spark, data, ours, theirs, stages);
      if (round >= 0) {
        own.put("dl4j", dl4j(work, rows, stages));
      }
      if (round >= 0) {
        own.forEach((way, one) -> seconds.computeIfAbsent(way, all -> new ArrayList<>()).add(one));
      }
    }
    String computesWith =
        ComputesWith.executors(JavaSparkContext.fromSparkContext(spark.sparkContext()), stages);
    return seconds.keySet().stream()
        .map(
            way ->
                new Result()
                    .with("scoring", way)
                    .with("work", work.name())
                    .with("rows", rows)
                    .with("executors", stages)
                    .with("rows_per_s", rows / Median.of(seconds.get(way), one -> one))
                    .with("times_mllib", timesMllib(seconds, way))
                    .with("mllib_blas", blas())
                    .with("computes_with", computesWith))
        .toList();
  }

  /** The median, over the rounds, of how many times faster than MLlib a way is. */
  private static double timesMllib(Map<String, List<Double>> seconds, String way) {
    double[] ratios = new double[seconds.get(way).size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = seconds.get("mllib").get(round) / seconds.get(way).get(round);
    }
    return Median.of(ratios);
  }

  private static Map<String, Double> round(
      SparkSession spark, Dataset<Row> data, Model<?> ours, Model<?> theirs, int stages) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (String way : List.of("local", "pipeline")) {
      spark.conf().set(WAY, way);
      spark.conf().set(STAGES, String.valueOf(stages));
      seconds.put(way, seconds(ours, data));
    }
    seconds.put("mllib", seconds(theirs, data));
    return seconds;
  }

  /** Returns the seconds in which as many processes as executors score the rows, each its share. */
  private static double dl4j(Work work, int rows, int processes)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(processes);
    try {
      Callable<Peer.Run> one = () -> Peer.dl4jScoring().run(work, rows / processes);
      double slowest = Double.POSITIVE_INFINITY;
      for (Future<Peer.Run> run : threads.invokeAll(Collections.nCopies(processes, one))) {
        slowest = Math.min(slowest, run.get().rowsPerSecond());
      }
      return rows / (processes * slowest);
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static double seconds(Model<?> model, Dataset<Row> data) {
    long start = System.nanoTime();
    model.transform(data).agg(sum("prediction")).collectAsList();
    return (System.nanoTime() - start) / 1e9;
  }

  private static Dataset<Row> data(SparkSession spark, Work work, int rows, int partitions) {
    int width = Math.toIntExact(work.network().input().size());
    Dataset<Row> numbers =
        spark
            .range(0, rows, 1, partitions)
            .selectExpr(
                "transform(sequence(1, "
                    + width
                    + "), i -> pmod(hash(id, i), 4096) / 4096d) numbers",
                "double(pmod(id, " + work.network().output().size() + ")) label");
    return numbers.select(
        functions.array_to_vector(numbers.col("numbers")).as("features"), numbers.col("label"));
  }

  /** The implementation that MLlib takes on the driver's machine: a native one if there is one. */
  private static String blas() {
    try {
      return NativeBLAS.getInstance().getClass().getSimpleName();
    } catch (Throwable none) {
      return JavaBLAS.getInstance().getClass().getSimpleName();
    }
  }
}
