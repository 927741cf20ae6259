package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
@Tag("slow")
class EtlTest {
  private static Map<String, String> run(String... options) throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()) {
      return Arrays.stream(Etl.run(spark, options).toString().split(" "))
          .skip(1)
          .map(value -> value.split("=", 2))
          .collect(Collectors.toMap(value -> value[0], value -> value[1]));
    }
  }

  @Test
  void theModelLearnsMoreThanASumOfTheColumnsTells() throws Exception {
    Map<String, String> result =
        run("--rows", "60000", "--partitions", "2", "--epochs", "8", "--batch-size", "1024");
    assertEquals("60000", result.get("rows"));
    double auc = Double.parseDouble(result.get("auc"));
    double logistic = Double.parseDouble(result.get("logistic_auc"));
    assertTrue(logistic > 0.7 && logistic < 0.9, result.toString());
    assertTrue(auc > logistic, result.toString());
  }

  /** Of mini-batches as large as for millions of rows, so few rows make two an epoch. */
  @Test
  void aFewRowsAreEnoughToBeatALogisticRegression() throws Exception {
    Map<String, String> result = run("--rows", "20000", "--partitions", "2", "--stages", "0");
    assertEquals("2", result.get("stages_offered"));
    double auc = Double.parseDouble(result.get("auc"));
    assertTrue(auc > Double.parseDouble(result.get("logistic_auc")), result.toString());
  }

  @Test
  void miniBatchesGrowWithTheRowsWithinBounds() {
    assertEquals(128, Etl.batchSize(1));
    assertEquals(200, Etl.batchSize(20_000));
    assertEquals(8192, Etl.batchSize(3_000_000));
  }

  @Test
  void anUnknownOptionIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> run("--row", "10"));
  }
}
