package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.EmptyDataException;
import io.penstock.testing.LocalSpark;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@LocalSpark
class ClassWeightsTest {
  private static SparkSession spark;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  /** Class 0 six times, 1 three times, 2 never, 3 once; weights sum to 6, 6 and 0. */
  private static Dataset<Row> rows() {
    return spark
        .range(10)
        .selectExpr(
            "if(id < 6, 0, if(id < 9, 1, 3)) `the.class`",
            "if(id < 6, 1, if(id < 9, 2, 0)) w",
            "cast(id as string) text");
  }

  @Test
  void classesThatOccurCountTheSameTogether() {
    double[] weights = ClassWeights.balanced(rows(), "the.class", 4);
    assertArrayEquals(new double[] {10 / 18.0, 10 / 9.0, 1, 10 / 3.0}, weights, 1e-15);
  }

  @Test
  void theWeightsOfRowsAreTakenIntoAccount() {
    double[] weights = ClassWeights.balanced(rows(), "the.class", "w", 4);
    assertArrayEquals(new double[] {1, 1, 1, 1}, weights, 1e-15);
    weights = ClassWeights.balanced(rows().where("w < 2"), "the.class", "w", 4);
    assertArrayEquals(new double[] {1, 1, 1, 1}, weights, 1e-15);
  }

  @Test
  void whatIsNoClassIsRefused() {
    refused("holds 3.0, which is no class from 0 to 2", rows(), "the.class", 3);
    for (String bad : new String[] {"-1", "0.5", "double('NaN')", "cast(null as int)"}) {
      Dataset<Row> rows = spark.range(3).selectExpr("if(id = 1, " + bad + ", 0) y");
      refused("which is no class from 0 to 1", rows, "y", 2);
    }
    refused("there is no label column 'z'. The DataFrame has: the.class, w", rows(), "z", 3);
    refused("'text' is of type string, but a label must be numeric", rows(), "text", 3);
    refused("numClasses is 1", rows(), "the.class", 1);
    assertThrows(
        EmptyDataException.class,
        () -> ClassWeights.balanced(rows().where("w > 5"), "the.class", 4));
    String told =
        assertThrows(
                EmptyDataException.class,
                () -> ClassWeights.balanced(rows().selectExpr("*", "0 n"), "the.class", "n", 4))
            .getMessage();
    assertTrue(told.startsWith("column 'n' is 0 in every row"), told);
  }

  private static void refused(String why, Dataset<Row> rows, String label, int numClasses) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> ClassWeights.balanced(rows, label, numClasses))
            .getMessage();
    assertTrue(message.contains(why), message);
  }
}
