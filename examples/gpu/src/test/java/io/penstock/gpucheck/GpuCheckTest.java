package io.penstock.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import io.penstock.compute.cuda.StandIn;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The check as it is packed and carried to a GPU, here on the stand-in of a driver, in an empty
 * folder and an empty environment.
 */
class GpuCheckTest {
  private static final Path ROOT = Path.of(System.getProperty("penstock.root"));

  @TempDir private static Path folder;

  private static Path driver;

  @BeforeAll
  static void pack() throws Exception {
    driver = StandIn.fresh().library().getFile().toPath();
    Path archive = folder.resolve("gpu-check.tar.gz");
    List<String> command =
        new ArrayList<>(List.of(ROOT.resolve("examples/gpu-check").toString(), "pack"));
    command.addAll(List.of("--output", archive.toString()));
    for (Class<?> packed : List.of(Sequential.class, GpuCheck.class, Pointer.class, Native.class)) {
      command.addAll(List.of("--from", origin(packed)));
    }
    command.addAll(List.of("--from", machineCode()));
    Command.Outcome outcome = Command.run(new ProcessBuilder(command));
    assertEquals(0, outcome.status(), outcome::err);
    Command.Outcome unpacked =
        Command.run(new ProcessBuilder("tar", "-C", folder.toString(), "-xzf", archive.toString()));
    assertEquals(0, unpacked.status(), unpacked::err);
  }

  private static String origin(Class<?> packed) throws Exception {
    return Path.of(packed.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  /** JavaCPP's own, which lies in the jar of this platform. */
  private static String machineCode() throws IOException {
    String platform = org.bytedeco.javacpp.Loader.getPlatform();
    String name = "org/bytedeco/javacpp/" + platform + "/libjnijavacpp.so";
    String where = GpuCheckTest.class.getClassLoader().getResource(name).getPath();
    return Path.of(java.net.URI.create(where.substring(0, where.indexOf('!')))).toString();
  }

  private static Command.Outcome check(Path ofDriver, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "-i", "./gpu-check", "--small"));
    command.addAll(List.of("--driver", ofDriver.toString()));
    command.addAll(List.of(options));
    return Command.run(new ProcessBuilder(command).directory(folder.resolve("gpu-check").toFile()));
  }

  /** Builds a driver that is the stand-in, but for what this source puts in front of it. */
  private static Path faulty(String name, String source) throws Exception {
    Path file = folder.resolve(name + ".cpp");
    Path library = folder.resolve(name + ".so");
    Files.writeString(file, source);
    Command.Outcome built =
        Command.run(
            new ProcessBuilder(
                "g++",
                "-shared",
                "-fPIC",
                "-Wl,--no-as-needed",
                "-o",
                library.toString(),
                file.toString(),
                driver.toString(),
                "-Wl,-rpath," + driver.getParent()));
    assertEquals(0, built.status(), built::err);
    return library;
  }

  @Test
  void allIsRightOnADriverThatDoesItsWork() throws Exception {
    Command.Outcome outcome =
        check(driver, "--cublas", driver.toString(), "--cudnn", driver.toString());
    assertEquals(0, outcome.status(), () -> outcome.out() + outcome.err());
    String page = Files.readString(folder.resolve("gpu-check/gpu-check.md"));
    assertTrue(page.contains("No GPU was checked"), "whose figures these are not");
    assertTrue(page.contains("in bfloat16, cuDNN 91900 in tf32 |"), "by the libraries' stand-ins");
    assertTrue(page.contains("| adam_step |"), "rates");
    assertTrue(page.contains("| LSTM, a later step |"), page);
    assertTrue(page.contains("| W3, small |"), page);
  }

  @Test
  void aKernelThatComputesSomethingElseIsNamed() throws Exception {
    Path driver =
        faulty(
            "wrong",
            """
#include <dlfcn.h>
#include <string.h>
extern "C" int cuModuleGetFunction(void **function, void *module, const char *name) {
  auto real = (int (*)(void **, void *, const char *))dlsym(RTLD_NEXT, "cuModuleGetFunction");
  return real(function, module, strcmp(name, "forward_swish") ? name : "forward_relu");
}
""");
    Command.Outcome outcome = check(driver, "--only", "activation swish");
    assertEquals(1, outcome.status(), outcome::out);
    assertTrue(outcome.err().contains("activation swish is off"), outcome::err);
    assertTrue(outcome.err().contains("forward_swish"), outcome::err);
  }

  @Test
  void aKernelThatTheDriverDoesNotFindIsNamedAndTheOthersRun() throws Exception {
    Path driver =
        faulty(
            "hidden",
            """
            extern "C" void standInHide(const char *kernel);
            __attribute__((constructor)) static void hide() { standInHide("softmax"); }
            """);
    Command.Outcome outcome = check(driver, "--only", "softmax");
    assertEquals(1, outcome.status(), outcome::out);
    assertTrue(outcome.err().contains("kernel softmax does not load"), outcome::err);
    assertTrue(outcome.err().contains("softmax of 3 failed"), outcome::err);
    assertTrue(outcome.out().contains("softmax cross-entropy of 10 classes  "), outcome::out);
    assertFalse(outcome.err().contains("cross-entropy"), "later cases run");
  }

  @Test
  void aGpuThatIsLostEndsTheCheckInWords() throws Exception {
    Path driver =
        faulty(
            "lost",
            """
            extern "C" int standInOrder(const char *what, long long value);
            __attribute__((constructor)) static void lose() { standInOrder("loseAtLaunch", 9); }
            """);
    Command.Outcome outcome = check(driver, "--only", "activation");
    assertEquals(1, outcome.status(), outcome::out);
    assertTrue(outcome.err().contains("did not run: the GPU is lost"), outcome::err);
  }

  @Test
  void aNameThatNoCaseHasIsNotRight() throws Exception {
    Command.Outcome outcome = check(driver, "--only", "no such case");
    assertEquals(1, outcome.status(), outcome::out);
    assertTrue(
        outcome.err().contains("no case ran: none has 'no such case' in its name"), outcome::err);
  }

  @Test
  void withoutADriverItSaysSoAndDoesNotRun() throws Exception {
    Command.Outcome outcome = check(folder.resolve("none.so"));
    assertEquals(2, outcome.status(), outcome::out);
    assertTrue(outcome.out().contains("NVIDIA's driver cannot be used"), outcome::out);
    assertFalse(outcome.out().contains("PyTorch"), "no other part begins");
  }
}
