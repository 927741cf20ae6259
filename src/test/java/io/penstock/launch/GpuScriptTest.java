package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FakeTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script of ours that tells Spark which GPUs a machine has. */
@Timeout(60)
class GpuScriptTest {
  static final Path SCRIPT =
      Path.of(System.getProperty("penstock.root"), "conf", "getGpusResources.sh");

  @TempDir Path directory;

  private record Said(int code, String out, String err) {}

  private Said run(String toolSays, Map<String, String> environment) throws Exception {
    Path tool = FakeTool.in(directory, "fake-smi", toolSays);
    return run(tool, environment);
  }

  private static Said run(Path tool, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString());
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    builder.environment().put("NVIDIA_SMI", tool.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), out, err);
  }

  private static final String THREE = "printf '0, GPU-aa1\\n1, GPU-bb2\\n2, GPU-cc3\\n'";

  @Test
  void sparkReadsWhatItPrints() throws Exception {
    Said said = run(THREE, Map.of());
    assertEquals(0, said.code(), said.err());
    ResourceInformation gpus = ResourceInformation.parseJson(said.out());
    assertEquals("gpu", gpus.name());
    assertEquals("0,1,2", String.join(",", gpus.addresses()));
  }

  @Test
  void whatIsHiddenFromCudaIsHiddenFromSpark() throws Exception {
    for (String visible : new String[] {"2,0", "GPU-cc,GPU-aa1"}) {
      Said said = run(THREE, Map.of("CUDA_VISIBLE_DEVICES", visible));
      assertEquals("0,2", String.join(",", ResourceInformation.parseJson(said.out()).addresses()));
    }
  }

  @Test
  void noGpuIsAnErrorThatNamesTheMachine() throws Exception {
    Said none = run("echo 'No devices were found'", Map.of());
    assertEquals(1, none.code());
    assertEquals("", none.out());
    assertTrue(none.err().contains("no GPU") && none.err().contains("No devices"), none.err());
    Said hidden = run(THREE, Map.of("CUDA_VISIBLE_DEVICES", ""));
    assertEquals(1, hidden.code());
    assertTrue(hidden.err().contains("CUDA_VISIBLE_DEVICES="), hidden.err());
  }

  @Test
  void aMissingOrFailingDriverIsAnErrorThatSaysSo() throws Exception {
    Said missing = run(directory.resolve("none"), Map.of());
    assertEquals(1, missing.code());
    assertTrue(missing.err().contains("install NVIDIA's driver"), missing.err());
    Said failing = run("echo 'no communication with the driver' >&2; exit 9", Map.of());
    assertEquals(1, failing.code());
    assertTrue(failing.err().contains("no communication with the driver"), failing.err());
  }
}
