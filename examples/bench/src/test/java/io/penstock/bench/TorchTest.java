package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class TorchTest {
  @TempDir private Path folder;

  private static Map<String, String> environment(Map<String, String> users, String... flags) {
    return Torch.environment(users, Set.of(flags), 2);
  }

  @Test
  void withoutTorchTheOthersRunAndALineSaysHowToGetIt() {
    List<String> told = new ArrayList<>();
    List<Peer> wanted = Peer.chosen("torch,mllib", Work.named("W1"));
    List<Peer> left = Torch.runnable(wanted, List.of("/nowhere/python3"), told::add);
    assertEquals(List.of("mllib"), left.stream().map(Peer::name).toList());
    assertEquals(1, told.size());
    assertTrue(told.get(0).contains("/nowhere/python3"), told.get(0));
    assertTrue(told.get(0).contains("apt-get install python3-torch"), told.get(0));
  }

  @Test
  void whoWantsNoTorchIsToldNothing() {
    List<Peer> wanted = Peer.chosen("mllib", Work.named("W1"));
    assertEquals(
        wanted,
        Torch.runnable(
            wanted,
            List.of("/nowhere/python3"),
            line -> {
              throw new AssertionError(line);
            }));
  }

  @Test
  void itComputesWithKernelsOfTheProcessorsClassUnlessTheUserSaysOtherwise() {
    assertEquals("SkylakeX", environment(Map.of(), "avx2", "avx512f").get("OPENBLAS_CORETYPE"));
    assertEquals("Haswell", environment(Map.of(), "avx2").get("OPENBLAS_CORETYPE"));
    assertFalse(environment(Map.of(), "asimd").containsKey("OPENBLAS_CORETYPE"));
    assertFalse(
        environment(Map.of("OPENBLAS_CORETYPE", "Zen"), "avx2").containsKey("OPENBLAS_CORETYPE"));
    assertEquals("2", environment(Map.of()).get("OMP_NUM_THREADS"));
  }

  @Test
  void pipelinesHaveTwoCoresAndPlainOnesTheirThreads() {
    for (Peer each : Torch.peers()) {
      assertEquals(each.name().equals("torch-1") ? 1 : 2, each.cores(), each.name());
      assertEquals(
          !List.of("torch-1", "torch-2", "torch-ddp").contains(each.name()),
          Torch.isPipeline(each),
          each.name());
    }
  }

  @Test
  void theScriptIsPython() throws Exception {
    Path script = Files.writeString(folder.resolve("script.py"), Torch.script());
    Command.Outcome outcome;
    try {
      outcome = Command.run(new ProcessBuilder("python3", "-m", "py_compile", script.toString()));
    } catch (IOException none) {
      Assumptions.abort("no python3, which reads the script: apt-get install python3");
      return;
    }
    assertEquals(0, outcome.status(), outcome.err());
  }

  @Test
  void everyWayEndsInARate() throws Exception {
    Assumptions.assumeTrue(
        Torch.python(Torch.candidates()).isPresent(), "no Python with torch: " + Torch.ADVICE);
    Work few = new Work("W0", Work.named("W0").network(), 1024, 128, "adam", 1e-3);
    for (Peer each : Torch.peers()) {
      Peer.Run run = each.run(few);
      assertTrue(run.rowsPerSecond() > 0 && run.blas().startsWith("torch-"), run.toString());
    }
  }
}
