package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.examples.Result;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
@Tag("slow")
class ScoringRatesTest {
  @Test
  void everyWayEndsInALineAndWhatMllibCannotDoIsRefused() throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      List<String> lines =
          ScoringRates.measure(spark, "--work", "small", "--rows", "256", "--repeats", "1").stream()
              .map(Result::toString)
              .toList();
      assertEquals(4, lines.size(), lines::toString);
      assertTrue(
          lines.get(0).startsWith("RESULT scoring=local work=small rows=256"), lines::toString);
      assertTrue(lines.get(1).contains("scoring=pipeline"), lines::toString);
      assertTrue(lines.get(2).contains("times_mllib=1.0000"), lines::toString);
      assertTrue(lines.get(3).contains("scoring=dl4j"), lines::toString);
      assertThrows(
          IllegalArgumentException.class, () -> ScoringRates.measure(spark, "--work", "W2"));
    }
  }
}
