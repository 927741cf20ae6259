package io.penstock.compute.cuda;

import io.penstock.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A tool of NVIDIA's CUDA toolkit, where there is one. */
record Toolkit(Path tool) {
  /** Finds a tool where the script that compiles kernels looks; leaves out the test else. */
  static Toolkit of(String name) throws IOException {
    Optional<Path> found =
        folders().stream()
            .map(folder -> folder.resolve(name))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(
        found.isPresent(),
        "There is no " + name + " of NVIDIA's CUDA toolkit in $CUDA_HOME, /usr/local/cuda*, PATH");
    return new Toolkit(found.get());
  }

  private static List<Path> folders() throws IOException {
    List<Path> folders = new ArrayList<>();
    Optional.ofNullable(System.getenv("CUDA_HOME"))
        .ifPresent(home -> folders.add(Path.of(home, "bin")));
    Path local = Path.of("/usr/local");
    if (Files.isDirectory(local)) {
      try (var installed = Files.newDirectoryStream(local, "cuda*")) {
        installed.forEach(home -> folders.add(home.resolve("bin")));
      }
    }
    Arrays.stream(System.getenv("PATH").split(":")).map(Path::of).forEach(folders::add);
    return folders;
  }

  Command.Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tool.toString()));
    command.addAll(List.of(arguments));
    return Command.run(new ProcessBuilder(command));
  }
}
