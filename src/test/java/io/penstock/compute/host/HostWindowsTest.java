package io.penstock.compute.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

class HostWindowsTest {
  @TempDir Path folder;

  /** A process has one instruction set from its first kernel on, so each gets one of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"", "SSE41"})
  void convolutionsWithoutKernelsOfTheProcessorsGoThePlainWay(String instructionSet)
      throws Exception {
    assumeTrue(new HostKind().takes(DataType.FLOAT), "no oneDNN for this platform");
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EveryFallback.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    Map<String, String> environment = builder.environment();
    environment.remove("ONEDNN_MAX_CPU_ISA");
    environment.remove("DNNL_MAX_CPU_ISA");
    if (!instructionSet.isEmpty()) {
      environment.put("DNNL_MAX_CPU_ISA", instructionSet);
    }
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(10, TimeUnit.MINUTES), "it goes on and on");
    } finally {
      process.destroyForcibly();
    }
    String all = Files.readString(said);
    assertEquals(0, process.exitValue(), all);
    assertTrue(all.contains("sizes have but a reference implementation"), all);
  }
}
