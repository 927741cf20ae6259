package io.penstock.bench;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The OpenBLAS that JavaCPP brings: its product, which one it is and what it computes with. */
final class OpenBlas implements ProductLibrary {
  private static final Pattern VERSION = Pattern.compile("OpenBLAS (\\S+)");

  private final String version;
  private final String kernel;

  /** Loads it, if that is still to be done. */
  OpenBlas() {
    Path wrapper = Path.of(Loader.load(openblas_nolapack.class));
    String config = "";
    String core = "unknown";
    try {
      // JavaCPP names no function of OpenBLAS that says what it is; the library has them all the
      // same. To open it again gives the one that is open.
      NativeLibrary library =
          NativeLibrary.getInstance(
              Stream.of("openblas_nolapack", "openblas")
                  .map(name -> wrapper.resolveSibling(System.mapLibraryName(name)))
                  .filter(Files::exists)
                  .findFirst()
                  .orElse(wrapper)
                  .toString());
      config = library.getFunction("openblas_get_config").invokeString(new Object[0], false);
      core = library.getFunction("openblas_get_corename").invokeString(new Object[0], false);
    } catch (LinkageError elsewhere) {
      // A platform where the file has another name: then its version and kernel stay unknown.
    }
    Matcher found = VERSION.matcher(config);
    version = found.find() ? found.group(1) : "unknown";
    kernel = core;
  }

  @Override
  public String name() {
    return "openblas-" + version;
  }

  /** The kernels that it chose for this processor, such as {@code Haswell}. */
  @Override
  public String kernel() {
    return kernel;
  }

  @Override
  public void multiply(INDArray a, INDArray b, INDArray c) {
    int rows = (int) a.size(0);
    int inner = (int) a.size(1);
    cblas_sgemm(
        CblasColMajor,
        CblasNoTrans,
        CblasNoTrans,
        rows,
        (int) b.size(1),
        inner,
        1,
        (FloatPointer) a.data().pointer(),
        rows,
        (FloatPointer) b.data().pointer(),
        inner,
        0,
        (FloatPointer) c.data().pointer(),
        rows);
  }
}
