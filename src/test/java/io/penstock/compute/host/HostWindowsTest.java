package io.penstock.compute.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.Command;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

class HostWindowsTest {
  /** A process has one instruction set from its first kernel on, so each gets one of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"", "SSE41"})
  void convolutionsWithoutKernelsOfTheProcessorsGoThePlainWay(String instructionSet)
      throws Exception {
    assumeTrue(new HostKind().takes(DataType.FLOAT), "no oneDNN for this platform");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EveryFallback.class.getName())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.remove("ONEDNN_MAX_CPU_ISA");
    environment.remove("DNNL_MAX_CPU_ISA");
    if (!instructionSet.isEmpty()) {
      environment.put("DNNL_MAX_CPU_ISA", instructionSet);
    }
    Command.Outcome ended = Command.run(builder);
    String all = ended.out();
    assertEquals(0, ended.status(), all);
    assertTrue(all.contains("sizes have but a reference implementation"), all);
  }
}
