package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The Jupyter of this machine, with the kernel as {@code install-kernel} sets it up. */
record Jupyter(Path nbconvert, Path kernels) {
  /** Installs the kernel; skips the test, and says so, where there is no Jupyter. */
  static Jupyter orSkip() throws IOException, InterruptedException {
    Optional<Path> found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, "jupyter-nbconvert"))
            .filter(Files::isExecutable)
            .findFirst();
    String reason =
        "no jupyter-nbconvert on the PATH (apt-get install --no-install-recommends"
            + " jupyter-nbconvert): notebooks are not run";
    Assumptions.assumeTrue(found.isPresent(), reason);
    Jupyter jupyter = new Jupyter(found.get(), Path.of("jupyter").toAbsolutePath());
    Command.Outcome installed =
        jupyter.run(
            List.of(
                Notebooks.FOLDER.resolve("install-kernel").toString(),
                "--no-build",
                "--jupyter-path",
                jupyter.kernels.toString()));
    assertEquals(0, installed.status(), installed.out());
    return jupyter;
  }

  /** The Python that Jupyter runs on, which need not be the first on the PATH. */
  String python() throws IOException {
    try (var lines = Files.lines(nbconvert)) {
      return lines.findFirst().orElseThrow().replaceFirst("^#!\\s*", "").strip();
    }
  }

  /** Runs a command; what it writes, to either output, is in the first. */
  Command.Outcome run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JUPYTER_PATH", kernels.toString());
    builder.environment().put("JUPYTER_RUNTIME_DIR", kernels.resolve("runtime").toString());
    // Kernels of half a minute: compiling well would take longer than running what is compiled.
    builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    return Command.run(builder);
  }
}
