package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
@Tag("slow")
class SoakTest {
  @TempDir Path home;

  @Test
  void runsThatAreStruckEndAsTheUndisturbedOne() throws Exception {
    String classPath = System.getProperty("java.class.path");
    PrintStream console = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    boolean passed;
    try {
      passed =
          Soak.run(
              Soak.parse("--minutes", "0.3", "--stages", "2", "--epochs", "4", "--patience", "300"),
              classPath,
              Map.of(
                  "SPARK_HOME", home.toString(),
                  "SPARK_SCALA_VERSION", "2.13",
                  "SPARK_TESTING", "1"),
              Map.of(
                  "spark.executorEnv.SPARK_SCALA_VERSION", "2.13",
                  "spark.executorEnv.SPARK_TESTING", "1",
                  "spark.executorEnv.OMP_NUM_THREADS", "1",
                  "spark.executor.extraClassPath", classPath));
    } finally {
      System.setOut(console);
    }
    String out = written.toString(StandardCharsets.UTF_8);
    assertTrue(passed, out);
    String line = out.lines().filter(one -> one.startsWith("RESULT ")).findFirst().orElseThrow();
    Map<String, String> result =
        Arrays.stream(line.split(" "))
            .skip(1)
            .map(value -> value.split("=", 2))
            .collect(Collectors.toMap(value -> value[0], value -> value[1]));
    assertEquals("0", result.get("hangs"), out);
    assertEquals("0", result.get("wrong"), out);
    assertTrue(Integer.parseInt(result.get("fits")) >= 1, out);
    int struck = Integer.parseInt(result.get("kills")) + Integer.parseInt(result.get("stops"));
    assertTrue(struck >= 1, out);
  }
}
