package io.penstock.compute.cuda;

import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Names of a library of NVIDIA's, those of its versions that can be used, newest first. Immutable.
 *
 * @param linux as its files are called there
 * @param windows without their ending
 */
record LibraryNames(List<String> linux, List<String> windows) {
  /** Returns those of this system. */
  List<String> here() {
    return Platform.isWindows() ? windows : linux;
  }

  /**
   * Returns names and paths in the order in which they are tried: newest first, and where the
   * system looks before where CUDA's toolkit is.
   *
   * @param wanted the only one, if it is not empty
   * @param environment variables by their names
   */
  List<String> candidates(String wanted, UnaryOperator<String> environment) {
    if (!wanted.isEmpty()) {
      return List.of(wanted);
    }
    List<String> names = here();
    List<String> all = new ArrayList<>(names);
    Optional.ofNullable(environment.apply("CUDA_HOME"))
        .or(() -> Optional.ofNullable(environment.apply("CUDA_PATH")))
        .filter(home -> !home.isEmpty())
        .ifPresent(
            home -> {
              String folder = Platform.isWindows() ? "bin" : "lib64";
              names.forEach(name -> all.add(Path.of(home, folder, name).toString()));
            });
    return all;
  }
}
