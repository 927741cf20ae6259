package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class SleepingStagesTest {
  private static List<String> lines(String... options) throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      SleepingStages.main(options);
    } finally {
      System.setOut(console);
    }
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void everyScheduleRunsAndHoldsTheActivationsThatWereSimulated() throws Exception {
    List<String> lines =
        lines("--stages", "2", "--micro-batches", "4", "--forward-ms", "1", "--steps", "1");
    for (String id : List.of("gpipe", "1f1b", "interleaved", "zb-h1", "zb-v", "dualpipe-v")) {
      List<String> its = lines.stream().filter(line -> line.startsWith(id + " ")).toList();
      assertEquals(1, its.size(), lines.toString());
      assertTrue(its.get(0).matches(".*%.*\\[\\d+, \\d+]"), its.get(0));
    }
  }

  @Test
  void aScheduleThatDoesNotExistForTheNumbersIsSaidInItsLine() throws Exception {
    List<String> lines =
        lines("--stages", "2", "--micro-batches", "2", "--steps", "1", "--schedule", "dualpipe-v");
    String line = lines.get(lines.size() - 1);
    assertTrue(line.startsWith("dualpipe-v ") && line.contains("4"), line);
  }
}
