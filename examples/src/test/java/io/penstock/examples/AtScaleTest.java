package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AtScaleTest {
  private static List<String> lines(String... arguments) {
    return AtScale.table(arguments).lines().skip(2).toList();
  }

  private static double column(String line, int index) {
    return Double.parseDouble(line.strip().split("\\s+")[index].replace("%", ""));
  }

  @Test
  void aFasterNetworkIsNotSlowerAndNothingPassesTheIdeal() {
    List<String> lines = lines("--stages", "4", "--micro-batches", "8");
    assertEquals(3 * 2 * 3, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(column(lines.get(i), 6) <= 100, lines.get(i));
      if (i % 3 > 0) {
        assertTrue(column(lines.get(i), 3) <= column(lines.get(i - 1), 3), lines.get(i));
      }
    }
  }

  @Test
  void oneReplicaExchangesNothing() {
    for (String line : lines("--replicas", "1", "--stages", "4", "--schedule", "1f1b")) {
      assertEquals(0, column(line, 5), line);
    }
  }

  @Test
  void whatDoesNotGoIntoTheStagesIsSaid() {
    assertTrue(
        lines("--stages", "5", "--schedule", "1f1b").get(0).contains("do not go into 5 stages"));
  }
}
