package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import io.penstock.Internal;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;

/** Access to oneDNN: whether it is there, its engine, the memory order of arrays. Thread-safe. */
@Internal
public final class OneDnn {
  /** The bits of oneDNN's dnnl_cpu_isa_avx512_core, which all wider sets have too. */
  private static final int AVX512 = 0x27;

  private static final boolean LOADED = isLoaded();

  private OneDnn() {}

  /** Returns whether the library is there: not every platform has a build of it. */
  public static boolean isThere() {
    return LOADED;
  }

  private static boolean isLoaded() {
    try {
      return dnnl_version() != null;
    } catch (LinkageError e) {
      // No build for this platform.
      return false;
    }
  }

  /**
   * Returns whether oneDNN computes with registers of 16 floats, by the processor and its settings.
   */
  static boolean isWide() {
    return LOADED && (dnnl_get_effective_cpu_isa() & AVX512) == AVX512;
  }

  /**
   * Opens a new handle to the one processor that there is: they are not for sharing between
   * threads.
   */
  static engine processor() {
    return new engine(engine.kind.cpu, 0);
  }

  static memory.desc floats(memory.format_tag order, long... dims) {
    return new memory.desc(dims, memory.data_type.f32, order, false);
  }

  /**
   * Returns whether a primitive was compiled to oneDNN's reference implementation, which is right
   * for everything and up to thousands of times slower than what is made for a processor. oneDNN
   * takes it without a word where nothing else suits, an order of the weights that was made for
   * another number of rows for instance.
   */
  static boolean isReference(primitive_desc_base compiled) {
    return isReference(compiled.impl_info_str().getString());
  }

  /** Returns whether an implementation's name is a reference's: ref:any, ref_int8:any, gemm:ref. */
  static boolean isReference(String implementation) {
    return List.of(implementation.split("[:_+]")).contains("ref");
  }

  /**
   * Compiles for the first of these memory orders for which oneDNN has more than its reference
   * implementation; where it has none, for the last order.
   *
   * @param orders one at least, the most wanted first
   */
  @SafeVarargs
  static <O, P extends primitive_desc_base> P notReference(Function<O, P> compile, O... orders) {
    P compiled = compile.apply(orders[0]);
    for (int next = 1; next < orders.length && isReference(compiled); next++) {
      compiled.deallocate();
      compiled = compile.apply(orders[next]);
    }
    return compiled;
  }
}
