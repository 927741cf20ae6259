package io.penstock.compute.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.LongByReference;
import io.penstock.compute.ComputePrecision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of looking for cuDNN on a machine. It is part neither of the driver nor of CUDA's
 * toolkit: a package of the system's has it, an archive that is unpacked into the toolkit, and
 * Python's package {@code nvidia-cudnn}, which PyTorch brings along. Immutable.
 *
 * @param version as the library tells it, such as 91900; 0 if there is none
 * @param absence why there is none, as a sentence without its end; empty if there is one
 */
record CudnnLibrary(long version, String absence) {
  /**
   * System property: the library's path or name, where it is not where the system looks; {@code
   * none} to do without.
   */
  static final String LIBRARY = "penstock.cuda.cudnn";

  /** Value of the property for none. */
  static final String NONE = "none";

  /** Of cuDNN 9 and 8. */
  static final LibraryNames NAMES =
      new LibraryNames(
          List.of("libcudnn.so.9", "libcudnn.so.8"), List.of("cudnn64_9", "cudnn64_8"));

  /** What to do where there is none. */
  private static final String HINT =
      "Install cuDNN 9 or 8 for the machine's CUDA on each machine, or set the system property "
          + LIBRARY
          + " to the path of its libcudnn (Python's package nvidia-cudnn has it in"
          + " nvidia/cudnn/lib).";

  /** What cuDNN 8 loads when it is first asked, each after those that it needs. */
  private static final List<String> PARTS_OF_8 =
      List.of("ops_infer", "ops_train", "cnn_infer", "cnn_train");

  /**
   * Binds the newest library that there is, that takes this machine's driver and has convolutions
   * for its GPU; for all of the process, once.
   *
   * @param device on which it is tried
   */
  static CudnnLibrary load(CudaDevice device) {
    String wanted = System.getProperty(LIBRARY, "");
    if (wanted.equals(NONE)) {
      return new CudnnLibrary(0, "the system property " + LIBRARY + " says so");
    }
    device.enter();
    synchronized (Cudnn.class) {
      if (Native.registered(Cudnn.class)) {
        return new CudnnLibrary(Cudnn.cudnnGetVersion(), "");
      }
      List<String> absent = new ArrayList<>();
      for (String each : NAMES.candidates(wanted, System::getenv)) {
        String problem = bind(each);
        if (problem.isEmpty()) {
          return new CudnnLibrary(Cudnn.cudnnGetVersion(), "");
        }
        absent.add(each + " " + problem);
      }
      return new CudnnLibrary(0, String.join(", ", absent));
    }
  }

  /** Binds a library and tries it; returns what is wrong with it, empty if nothing is. */
  private static String bind(String library) {
    List<NativeLibrary> parts = new ArrayList<>(); // which stay until the library has them itself
    try {
      parts(library).forEach(each -> parts.add(NativeLibrary.getInstance(each)));
      Native.register(Cudnn.class, NativeLibrary.getInstance(library));
    } catch (LinkageError absent) {
      return "does not load";
    }
    String problem = attempt();
    if (!problem.isEmpty()) {
      Native.unregister(Cudnn.class);
    }
    parts.forEach(NativeLibrary::dispose);
    return problem;
  }

  /**
   * Returns the other files that a library loads when they are first needed. That of cuDNN 8 ends
   * the process where one is missing, so they are loaded before; that of cuDNN 9 says so.
   */
  static List<String> parts(String library) {
    Path path = Path.of(library);
    String name = path.getFileName().toString();
    boolean isOf8 = name.startsWith("libcudnn.so.8") || name.startsWith("cudnn64_8");
    return isOf8
        ? PARTS_OF_8.stream()
            .map(part -> path.resolveSibling(name.replace("cudnn", "cudnn_" + part)).toString())
            .toList()
        : List.of();
  }

  /** Makes a handle and plans small convolutions, by which all that the library needs is loaded. */
  private static String attempt() {
    LongByReference handle = new LongByReference();
    int result = Cudnn.cudnnCreate(handle);
    if (result != Cudnn.SUCCESS) {
      return "cannot be used with this driver (" + Cudnn.cudnnGetErrorString(result) + ")";
    }
    try {
      return CudnnShape.trials().allMatch(shape -> isPossible(handle.getValue(), shape))
          ? ""
          : "has no convolutions of floats for this GPU";
    } catch (CudaException failure) {
      return "cannot be used (" + failure.getMessage() + ")";
    } finally {
      Cudnn.cudnnDestroy(handle.getValue());
    }
  }

  private static boolean isPossible(long handle, CudnnShape shape) {
    CudnnPlan plan = new CudnnPlan(handle, shape);
    plan.free();
    return plan.isPossible();
  }

  /** Returns whether there is a library. */
  boolean isThere() {
    return version != 0;
  }

  /** Returns a warning that convolutions are slow, with what to do; empty if they are not. */
  Optional<String> complaint() {
    return isThere()
        ? Optional.empty()
        : Optional.of(
            "Convolutions are computed as matrix products of what is under their windows, which"
                + " takes more of a GPU's memory and time than cuDNN's: "
                + absence
                + ". "
                + HINT);
  }

  /**
   * Returns what convolutions run on, of which their bits depend, in words; empty if that is what
   * products run on.
   */
  Optional<String> convolutions(ComputePrecision precision) {
    return isThere()
        ? Optional.of("cuDNN " + version + " in " + of(precision).id())
        : Optional.empty();
  }

  /** The precision that the library has for one that is asked for: nothing between TF32 and all. */
  private static ComputePrecision of(ComputePrecision asked) {
    return asked == ComputePrecision.FLOAT32 ? asked : ComputePrecision.TF32;
  }
}
