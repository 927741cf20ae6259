package io.penstock.compute.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.ptr.LongByReference;
import io.penstock.compute.ComputePrecision;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * What came of looking for cuBLASLt on a machine. It is no part of the driver: CUDA's toolkit has
 * it, and so have JavaCPP's jar of CUDA's libraries (redist) and Python's package {@code
 * nvidia-cublas}, which PyTorch brings along. Immutable.
 *
 * @param version as the library tells it, such as 130101; 0 if there is none
 * @param absence why there is none, as a sentence without its end; empty if there is one
 */
record CublasLibrary(long version, String absence) {
  /**
   * System property: the library's path or name, where it is not where the system looks; {@code
   * none} to do without.
   */
  static final String LIBRARY = "penstock.cuda.cublasLt";

  /** Value of the property for none. */
  static final String NONE = "none";

  /** What to do where there is none. */
  private static final String HINT =
      "Install cuBLAS of CUDA 11, 12 or 13 on each machine, or set the system property "
          + LIBRARY
          + " to the path of its libcublasLt (Python's package nvidia-cublas has it in"
          + " nvidia/cublas/lib or nvidia/cu13/lib).";

  /** Of CUDA 13, 12 and 11. */
  static final LibraryNames NAMES =
      new LibraryNames(
          List.of("libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11"),
          List.of("cublasLt64_13", "cublasLt64_12", "cublasLt64_11"));

  /**
   * Binds the newest library that there is and that takes this machine's driver; for all of the
   * process, once.
   *
   * @param device on which it is tried
   */
  static CublasLibrary load(CudaDevice device) {
    String wanted = System.getProperty(LIBRARY, "");
    if (wanted.equals(NONE)) {
      return new CublasLibrary(0, "the system property " + LIBRARY + " says so");
    }
    device.enter();
    synchronized (Cublas.class) {
      if (Native.registered(Cublas.class)) {
        return new CublasLibrary(Cublas.cublasLtGetVersion(), "");
      }
      List<String> absent = new ArrayList<>();
      Iterator<String> all =
          Stream.concat(NAMES.candidates(wanted, System::getenv).stream(), unpacked(wanted))
              .iterator();
      while (all.hasNext()) {
        String each = all.next();
        String problem = bind(each);
        if (problem.isEmpty()) {
          return new CublasLibrary(Cublas.cublasLtGetVersion(), "");
        }
        absent.add(each + " " + problem);
      }
      return new CublasLibrary(0, String.join(", ", absent));
    }
  }

  /** Binds a library and tries it; returns what is wrong with it, empty if nothing is. */
  private static String bind(String library) {
    try {
      Native.register(Cublas.class, NativeLibrary.getInstance(library));
    } catch (LinkageError absent) {
      return "does not load";
    }
    LongByReference handle = new LongByReference();
    int result = Cublas.cublasLtCreate(handle);
    if (result == Cublas.SUCCESS) {
      Cublas.cublasLtDestroy(handle.getValue());
      return "";
    }
    Native.unregister(Cublas.class);
    return "cannot be used with this driver (" + CublasFailure.name(result) + ")";
  }

  /** Paths of what JavaCPP's jar of CUDA's libraries has, each unpacked when it is asked for. */
  private static Stream<String> unpacked(String wanted) {
    return wanted.isEmpty()
        ? NAMES.here().stream().map(CublasLibrary::unpack).filter(Objects::nonNull)
        : Stream.empty();
  }

  private static String unpack(String name) {
    String file = Platform.isWindows() ? name + ".dll" : name;
    URL resource =
        CublasLibrary.class.getResource("/org/bytedeco/cuda/" + Loader.getPlatform() + "/" + file);
    try {
      return resource == null ? null : Loader.cacheResource(resource).getPath();
    } catch (IOException cannot) {
      return resource + " (" + cannot.getMessage() + ")"; // which does not load, and is told
    }
  }

  /** Returns whether there is a library. */
  boolean isThere() {
    return version != 0;
  }

  /** Returns a warning that products are slow, with what to do; empty if they are not. */
  Optional<String> complaint(ComputePrecision precision) {
    return isThere()
        ? Optional.empty()
        : Optional.of(
            "Matrix products run on Penstock's own kernels, which are slower than cuBLASLt's: "
                + absence
                + ". "
                + (precision == ComputePrecision.FLOAT32
                    ? ""
                    : "They compute in float32, so nothing is gained by " + precision.id() + ". ")
                + HINT);
  }

  /** Returns what products run on, of which their bits depend, in words. */
  String products(ComputePrecision precision) {
    return isThere() ? "cuBLASLt " + version + " in " + precision.id() : "products of Penstock's";
  }
}
