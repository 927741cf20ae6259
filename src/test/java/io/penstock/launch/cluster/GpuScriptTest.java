package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FakeTool;
import io.penstock.testing.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script of ours that tells Spark which GPUs a machine has. */
@Timeout(120)
public class GpuScriptTest {
  public static final Path SCRIPT =
      Path.of(System.getProperty("penstock.root"), "conf", "getGpusResources.sh");

  @TempDir Path directory;

  private Command.Outcome run(String toolSays, Map<String, String> environment) throws Exception {
    Path tool = FakeTool.in(directory, "fake-smi", toolSays);
    return run(tool, environment);
  }

  private static Command.Outcome run(Path tool, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString());
    builder.environment().remove("CUDA_VISIBLE_DEVICES");
    builder.environment().put("NVIDIA_SMI", tool.toString());
    builder.environment().putAll(environment);
    return Command.run(builder);
  }

  private static final String THREE = "printf '0, GPU-aa1\\n1, GPU-bb2\\n2, GPU-cc3\\n'";

  @Test
  void sparkReadsWhatItPrints() throws Exception {
    Command.Outcome said = run(THREE, Map.of());
    assertEquals(0, said.status(), said.err());
    ResourceInformation gpus = ResourceInformation.parseJson(said.out());
    assertEquals("gpu", gpus.name());
    assertEquals("0,1,2", String.join(",", gpus.addresses()));
  }

  @Test
  void whatIsHiddenFromCudaIsHiddenFromSpark() throws Exception {
    for (String visible : new String[] {"2,0", "GPU-cc,GPU-aa1"}) {
      Command.Outcome said = run(THREE, Map.of("CUDA_VISIBLE_DEVICES", visible));
      assertEquals("0,2", String.join(",", ResourceInformation.parseJson(said.out()).addresses()));
    }
  }

  @Test
  void noGpuIsAnErrorThatNamesTheMachine() throws Exception {
    Command.Outcome none = run("echo 'No devices were found'", Map.of());
    assertEquals(1, none.status());
    assertEquals("", none.out());
    assertTrue(none.err().contains("no GPU") && none.err().contains("No devices"), none.err());
    Command.Outcome hidden = run(THREE, Map.of("CUDA_VISIBLE_DEVICES", ""));
    assertEquals(1, hidden.status());
    assertTrue(hidden.err().contains("CUDA_VISIBLE_DEVICES="), hidden.err());
  }

  @Test
  void aMissingOrFailingDriverIsAnErrorThatSaysSo() throws Exception {
    Command.Outcome missing = run(directory.resolve("none"), Map.of());
    assertEquals(1, missing.status());
    assertTrue(missing.err().contains("install NVIDIA's driver"), missing.err());
    Command.Outcome failing = run("echo 'no communication with the driver' >&2; exit 9", Map.of());
    assertEquals(1, failing.status());
    assertTrue(failing.err().contains("no communication with the driver"), failing.err());
  }
}
