package io.penstock.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.LocalSpark;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Columns of one name, of names that differ in case alone, and of names with dots: those that are
 * not needed are carried along untouched, those that are needed are found.
 */
@Timeout(180)
@LocalSpark(slots = 4)
class LikeNamedColumnsTest {
  private static SparkSession spark;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  /** The rows as a join may leave them. */
  private static Dataset<Row> joined(Dataset<Row> rows) {
    return rows.select(
        lit("first").as("twin"),
        col("*"),
        lit(7).as("twin"),
        lit("no label").as("Label"),
        lit(1).as("Features"),
        lit(2).as("Prediction"),
        lit(3).as("features.x"),
        lit(4).as("one.two"));
  }

  private static List<Row> last(Dataset<Row> scored, int columns) {
    Column[] all = new Column[columns];
    String[] names = new String[scored.columns().length];
    Arrays.setAll(names, i -> "c" + i);
    Dataset<Row> numbered = scored.toDF(names);
    Arrays.setAll(all, i -> col("c" + (names.length - columns + i)));
    return numbered.select(all).collectAsList();
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void unneededColumnsDisturbNeitherFitNorTransform(Subject subject) {
    Dataset<Row> plain = subject.rows(spark);
    Dataset<Row> joined = joined(plain);
    PipelineParallelModel<?> one = subject.fit(subject.estimator(), plain);
    PipelineParallelModel<?> other = subject.fit(subject.estimator(), joined);
    for (int layer = 0; layer < one.parameters().size(); layer++) {
      assertArrayEquals(
          one.parameters().get(layer).values(), other.parameters().get(layer).values());
    }
    for (String way : List.of("error", "skip", "keep")) {
      one.setHandleInvalid(way);
      Dataset<Row> wanted = ((Model<?>) one).transform(plain);
      Dataset<Row> scored = ((Model<?>) one).transform(joined);
      int added = wanted.columns().length - plain.columns().length;
      StructType schema = scored.schema();
      int own = joined.columns().length;
      assertEquals(own + added, schema.size());
      assertEquals(
          List.of(joined.schema().fields()), List.of(schema.fields()).subList(0, own), way);
      assertEquals(last(wanted, added).toString(), last(scored, added).toString());
      assertEquals(
          joined.collectAsList().toString(),
          last(scored, own + added).stream().map(row -> head(row, own)).toList().toString());
    }
  }

  private static Row head(Row row, int columns) {
    Object[] values = new Object[columns];
    Arrays.setAll(values, row::get);
    return org.apache.spark.sql.RowFactory.create(values);
  }

  /** What MLlib's own model takes is the measure. */
  @Test
  void whatMllibsModelsTakeIsTaken() {
    Dataset<Row> plain = Blobs.rows(spark);
    Dataset<Row> joined =
        plain.select(col("*"), lit(1).as("twin"), lit(2).as("twin"), lit(0).as("Label"));
    LogisticRegressionModel theirs = new LogisticRegression().setMaxIter(1).fit(plain);
    assertEquals(Blobs.ROWS, theirs.transform(joined).count());
    PipelineParallelClassificationModel ours = Blobs.classifier().setMaxIter(1).fit(plain);
    Dataset<Row> scored = ours.transform(joined);
    assertEquals(Blobs.ROWS, scored.where("prediction >= 0").count());
    assertEquals(List.of(theirs.transform(joined).columns()), List.of(scored.columns()));
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void everyColumnThatIsNeededIsFoundByItsWholeNameAndItsCase(Subject subject) {
    Dataset<Row> plain = subject.rows(spark).withColumn("held", expr("id % 4 = 0"));
    String label = subject == Subject.LEARNER ? "tags" : "label";
    PipelineParallelEstimator<?> first = subject.estimator();
    first.set("labelCol", label);
    first.setWeightCol("one").setValidationIndicatorCol("held").setHandleInvalid("skip");
    PipelineParallelModel<?> one = subject.fit(first, plain);

    Dataset<Row> odd =
        plain.select(
            col("features").as("x.f"),
            lit("no features").as("X.F"),
            lit("no struct").as("x"),
            col(label).as("y.z"),
            lit("no label").as("Y.z"),
            col("one").as("w`.w"),
            lit("no weight").as("W`.w"),
            col("held").as("h.h"),
            lit("no boolean").as("H.h"));
    PipelineParallelEstimator<?> second = subject.estimator();
    second.set("featuresCol", "x.f");
    second.set("labelCol", "y.z");
    second.setWeightCol("w`.w").setValidationIndicatorCol("h.h").setHandleInvalid("skip");
    PipelineParallelModel<?> other = subject.fit(second, odd);
    for (int layer = 0; layer < one.parameters().size(); layer++) {
      assertArrayEquals(
          one.parameters().get(layer).values(), other.parameters().get(layer).values());
    }
    Dataset<Row> wanted = ((Model<?>) one).transform(plain);
    Dataset<Row> scored = ((Model<?>) other).transform(odd);
    assertEquals(
        wanted.select("prediction").collectAsList().toString(), last(scored, 1).toString());
  }

  @Test
  void perplexityAndClassWeightsTakeTheColumnThatIsNamed() {
    Dataset<Row> rows =
        spark.sql(
            "select array(-1d, -2d) `log.l`, array('x') `Log.l`, 1 label, 2 Label, 1d w, 'x' W");
    assertEquals(
        Math.exp(1.5), new PerplexityEvaluator().setLogLikelihoodCol("log.l").evaluate(rows), 1e-9);
    assertArrayEquals(new double[] {1, 1, 1}, ClassWeights.balanced(rows, "Label", "w", 3));
  }
}
