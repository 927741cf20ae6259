package io.penstock.compute.host.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What oneDNN compiles the kernels to under each instruction set. A set that this processor lacks
 * is the nearest that it has; a process has one from its first kernel on.
 */
class ImplementationsTest {
  /** As oneDNN says it: the operation, how it was compiled, which direction. */
  private record Implementation(String operation, String name, String direction) {
    static Implementation of(String line) {
      String[] words = line.split(",");
      return new Implementation(words[5], words[6], words[7]);
    }
  }

  private static final List<String> OPERATIONS =
      List.of(
          "batch_normalization",
          "binary",
          "convolution",
          "eltwise",
          "layer_normalization",
          "matmul",
          "pooling",
          "reorder",
          "softmax");

  @BeforeAll
  static void oneDnnIsThere() {
    assumeTrue(OneDnn.isThere(), "no oneDNN for this platform");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SSE41", "AVX2", "AVX512_CORE"})
  void noKernelIsTheReferenceOne(String instructionSet) throws Exception {
    Map<Implementation, Long> counts = implementations(instructionSet);
    List<String> operations =
        counts.keySet().stream().map(Implementation::operation).distinct().toList();
    for (String operation : OPERATIONS) {
      assertTrue(operations.stream().anyMatch(o -> o.startsWith(operation)), operation);
    }
    counts.forEach(
        (implementation, count) ->
            assertFalse(
                OneDnn.isReference(implementation.name()),
                implementation + ", " + count + " times"));
  }

  private Map<Implementation, Long> implementations(String instructionSet)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EveryKernel.class.getName())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.remove("ONEDNN_MAX_CPU_ISA");
    environment.remove("DNNL_MAX_CPU_ISA");
    if (!instructionSet.isEmpty()) {
      environment.put("ONEDNN_MAX_CPU_ISA", instructionSet);
    }
    environment.put("ONEDNN_VERBOSE", "1");
    Command.Outcome ended = Command.run(builder);
    assertEquals(0, ended.status(), ended.out());
    return ended
        .out()
        .lines()
        .filter(line -> line.startsWith("onednn_verbose,v1,primitive,exec"))
        .map(Implementation::of)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }
}
