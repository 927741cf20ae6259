package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.LocalSpark;
import java.util.List;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the condition leaves out is what the decoder calls missing, no more and no less. */
@Timeout(120)
@LocalSpark
class CompleteRowsTest {
  private static final String NUMBERS =
      "array(1d, -2.5d, null, double('NaN'), double('Infinity'), double('-Infinity'), 1e300, 3e38,"
          + " 0d, -1e39)";

  private static SparkSession spark;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  private static Dataset<Row> column(String expression) {
    return spark.sql("select explode(" + NUMBERS + ") n").selectExpr("n", expression + " x");
  }

  private static void assertAgree(Dataset<Row> data, FeatureRows features) {
    List<Row> all = data.collectAsList();
    List<Row> complete = features.complete(NumberedColumns.of(data)).named().collectAsList();
    List<Row> decoded = all.stream().filter(row -> !isMissing(features, row)).toList();
    assertEquals(decoded.toString(), complete.toString());
  }

  private static boolean isMissing(FeatureRows features, Row row) {
    try {
      features.decode(row, new float[features.width()], 0);
      return false;
    } catch (BadRowException bad) {
      return bad.isMissing();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"n", "cast(n as float)", "cast(if(abs(n) < 9, n, null) as int)"})
  void numbers(String expression) {
    Dataset<Row> data = column(expression);
    assertAgree(data, FeatureRows.of(data.schema(), List.of("x"), 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(1d, n)",
        "cast(array(n, 0d) as array<float>)",
        "if(n = 0, null, array(1d, n))",
        "if(n = 1, array(1d), array(1d, n))"
      })
  void arrays(String expression) {
    Dataset<Row> data = column(expression);
    assertAgree(data, FeatureRows.of(data.schema(), List.of("x"), 2));
  }

  @Test
  void vectors() {
    Dataset<Row> arrays = column("if(n is null, null, array(1d, n))");
    Dataset<Row> data =
        arrays
            .where("x is not null")
            .withColumn("x", functions.array_to_vector(arrays.col("x")))
            .unionByName(
                arrays
                    .where("x is null")
                    .withColumn(
                        "x",
                        org.apache
                            .spark
                            .sql
                            .functions
                            .lit(null)
                            .cast(org.apache.spark.ml.linalg.SQLDataTypes.VectorType())));
    assertAgree(data, FeatureRows.of(data.schema(), List.of("x"), 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(1, if(abs(n) < 9, 2, null))",
        "if(n = 0, null, array(1, 2))",
        "if(n = 0, cast(array() as array<int>), array(1, 2))",
        "if(n = 0, array(-5, 2), array(1, 2, 3))"
      })
  void sequences(String expression) {
    Dataset<Row> data = column(expression);
    assertAgree(data, FeatureRows.sequences(data.schema(), "x", 2));
  }

  @Test
  void theLabelMustBeThereToo() {
    Dataset<Row> data = column("n").selectExpr("1d f", "x l").limit(9);
    FeatureColumns columns = FeatureColumns.of(data.schema(), List.of("f"), "l", 1);
    assertEquals(4, columns.complete(NumberedColumns.of(data)).rows().count());
  }

  @Test
  void aMissingWeightIsNoReasonToLeaveARowOut() {
    Dataset<Row> data = column("n").selectExpr("1d f", "1d l", "x w").limit(9);
    FeatureColumns columns =
        FeatureColumns.of(data.schema(), List.of("f"), "l", 1).withWeight(data.schema(), "w");
    assertEquals(9, columns.complete(NumberedColumns.of(data)).rows().count());
  }
}
