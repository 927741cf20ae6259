package io.penstock.bench;

import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_sgemm;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import java.lang.reflect.Field;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The oneDNN that JavaCPP brings: its product, which one it is and what it computes with. All of
 * oneDNN that the benchmarks name, and nothing of it that differs between 2.x and 3.x.
 */
final class OneDnn implements ProductLibrary {
  private static final String ISA = "dnnl_cpu_isa_";

  private final String version;
  private final String kernel;

  private OneDnn() {
    dnnl_version_t found = dnnl_version();
    version = found.major() + "." + found.minor() + "." + found.patch();
    kernel = isa(dnnl_get_effective_cpu_isa());
  }

  /** Loads it, if that is still to be done; empty if there is no build for this platform. */
  static Optional<OneDnn> load() {
    try {
      return Optional.of(new OneDnn());
    } catch (LinkageError none) {
      return Optional.empty();
    }
  }

  @Override
  public String name() {
    return "onednn-" + version;
  }

  /** The instruction set that it may use, such as {@code avx512_core_bf16}. */
  @Override
  public String kernel() {
    return kernel;
  }

  /** The name of an instruction set's number, which is another in another version. */
  private static String isa(int number) {
    for (Field field : dnnl.class.getFields()) {
      String name = field.getName();
      if (name.matches(ISA + "(sse|avx|sve|asimd|vsx|isa).*") && number == value(field)) {
        return name.substring(ISA.length());
      }
    }
    return "isa_" + Integer.toHexString(number);
  }

  private static int value(Field field) {
    try {
      return field.getInt(null);
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void multiply(INDArray a, INDArray b, INDArray c) {
    long rows = a.size(0);
    long inner = a.size(1);
    long columns = b.size(1);
    // It reads row by row: what lies column by column is transposed to it, and (a · b)ᵀ = bᵀ · aᵀ.
    dnnl_sgemm(
        (byte) 'N',
        (byte) 'N',
        columns,
        rows,
        inner,
        1,
        (FloatPointer) b.data().pointer(),
        inner,
        (FloatPointer) a.data().pointer(),
        rows,
        0,
        (FloatPointer) c.data().pointer(),
        rows);
  }
}
