package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FakeTool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class NvidiaSmiTest {
  @TempDir Path directory;

  private Gpus saying(String body) throws IOException {
    Path script = FakeTool.in(directory, "nvidia-smi", body);
    return new NvidiaSmi(script.toString()).list();
  }

  @Test
  void whatItPrintsIsRead() throws IOException {
    Gpus gpus =
        saying(
            """
            [ "$1 $2" = "--query-gpu=index,uuid,compute_cap,memory.total,driver_version \
            --format=csv,noheader" ] || exit 9
            echo '0, GPU-5c1e, 8.9, 49140 MiB, 550.54.14'\
            """);
    assertEquals(Optional.empty(), gpus.trouble());
    assertEquals(new Capability(8, 9), gpus.list().get(0).capability());
  }

  @Test
  void withoutOneThereIsNoDriver() {
    Gpus gpus = new NvidiaSmi(directory.resolve("none").toString()).list();
    assertEquals(List.of(), gpus.list());
    String trouble = gpus.trouble().orElseThrow();
    assertTrue(trouble.startsWith("there is no NVIDIA driver"), trouble);
    assertTrue(trouble.contains("spark.penstock.gpu.nvidiaSmi"), trouble);
  }

  @Test
  void itsFailureIsQuoted() throws IOException {
    String said = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.";
    String trouble = saying("echo \"" + said + "\"; exit 9").trouble().orElseThrow();
    assertTrue(trouble.contains("exit code 9: " + said), trouble);
  }

  @Test
  void aDriverThatDoesNotKnowTheQuestionIsTooOld() throws IOException {
    String trouble =
        saying("echo 'Field \"compute_cap\" is not a valid field to query.'; exit 2")
            .trouble()
            .orElseThrow();
    assertTrue(trouble.contains("too old: update"), trouble);
  }
}
