package io.penstock.compute;

import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Setting by which Spark's own linear algebra (MLlib's, by netlib) calls the OpenBLAS of this
 * process. Left to itself it looks for the system's {@code libblas.so.3}; where that is an OpenBLAS
 * too, the dynamic linker joins it with the one that is loaded here under the same name, and the
 * two, of different versions, end the process. Thread-safe.
 */
final class SharedBlas {
  private static final String PREFIX = "dev.ludovic.netlib.";

  /** No library of this name is there, so that Java's implementation is taken. */
  private static final String NONE = "none-beside-penstock";

  private SharedBlas() {}

  /**
   * Loads OpenBLAS and tells netlib, unless the user has told it something else or there is no
   * OpenBLAS for this platform. Comes before MLlib's first product.
   */
  static void share() {
    try {
      tell("blas", library(Loader.load(openblas_nolapack.class), "libopenblas_nolapack.so.0"));
      tell("lapack", library(Loader.load(openblas.class), "libopenblas.so.0"));
      // The system's is made for the system's BLAS.
      tell("arpack", null);
    } catch (LinkageError none) {
      // Nothing to share.
    }
  }

  private static Path library(String wrapper, String name) {
    return Path.of(wrapper).resolveSibling(name);
  }

  private static void tell(String part, Path library) {
    String path = PREFIX + part + ".nativeLibPath";
    String name = PREFIX + part + ".nativeLib";
    if (System.getProperty(path) != null || System.getProperty(name) != null) {
      return;
    }
    if (library != null && Files.exists(library)) {
      System.setProperty(path, library.toString());
    } else {
      System.setProperty(name, NONE);
    }
  }
}
