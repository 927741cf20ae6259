package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams are transformed as MLlib's models do; what needs all rows says so. */
@Timeout(180)
@LocalSpark(slots = 4)
class StreamTest {
  @TempDir static Path directory;

  private static SparkSession spark;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  private static Dataset<Row> rows(Subject subject) {
    return subject.rows(spark).drop("text", "words", "struct");
  }

  private static Dataset<Row> stream(Subject subject) {
    String path = directory.resolve(subject.title()).toString();
    rows(subject).write().mode("overwrite").parquet(path);
    return spark.readStream().schema(rows(subject).schema()).parquet(path);
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void aStreamIsTransformedAsItsRowsAre(Subject subject) throws Exception {
    PipelineParallelModel<?> model = subject.fit(subject.estimator(), rows(subject));
    for (String way : List.of("error", "skip", "keep")) {
      model.setHandleInvalid(way);
      String table = (subject.name() + way).toLowerCase(Locale.ROOT);
      StreamingQuery query =
          ((Model<?>) model)
              .transform(stream(subject))
              .writeStream()
              .format("memory")
              .queryName(table)
              .start();
      query.processAllAvailable();
      query.stop();
      List<Row> streamed =
          spark.table(table).orderBy("id").select("id", "prediction").collectAsList();
      List<Row> wanted =
          ((Model<?>) model)
              .transform(rows(subject))
              .orderBy("id")
              .select("id", "prediction")
              .collectAsList();
      assertEquals(wanted.toString(), streamed.toString());
    }
  }

  private static void refused(String what, Executable call) {
    String told = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(told.startsWith(what + " goes over all rows"), told);
    assertTrue(told.contains("is a stream") && told.contains("foreachBatch"), told);
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void fitNeedsAllRows(Subject subject) {
    Dataset<Row> stream = stream(subject);
    PipelineParallelEstimator<?> estimator = subject.estimator();
    refused("fit", () -> ((Estimator<?>) estimator).fit(stream));
    refused("fit", () -> estimator.explain(stream));
  }

  @Test
  void soDoWhatCountsAndWhatMeasures() {
    Dataset<Row> stream = stream(Subject.CLASSIFIER);
    refused("balanced", () -> ClassWeights.balanced(stream, "label", 3));
    refused(
        "evaluate", () -> new PerplexityEvaluator().setLogLikelihoodCol("wholes").evaluate(stream));
  }
}
