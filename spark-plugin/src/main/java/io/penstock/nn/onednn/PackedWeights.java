package io.penstock.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.dnnl_blocking_desc_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of a product or a convolution in the order in which a kernel reads them. Packing
 * takes about a third of a product with 64 rows, which a matrix product of BLAS does at every call;
 * here it is done once, when the weights have changed. Not for use while {@link #pack}ing;
 * otherwise any number of threads may read it.
 */
public final class PackedWeights {
  private final engine engine = OneDnn.processor();
  private final stream stream = new stream(engine);
  private final memory plain;
  private final memory packed;
  private final reorder reorder;
  private final IntMemoryMap arguments;

  /** Room for weights; it holds nothing before {@link #pack}. */
  PackedWeights(memory.desc plain, memory.desc packed) {
    this.plain = new memory(plain, engine, (Pointer) null);
    this.packed = new memory(packed, engine);
    reorder = new reorder(this.plain, this.packed);
    arguments = new IntMemoryMap().put(DNNL_ARG_FROM, this.plain).put(DNNL_ARG_TO, this.packed);
  }

  /** Packs the weights as they are now; they lie densely as was said when this was made. */
  public void pack(INDArray weights) {
    plain.set_data_handle(OneDnn.pointer(weights));
    reorder.execute(stream, arguments);
  }

  /** Frees the memory; it may not be used any more. */
  public void free() {
    packed.deallocate();
  }

  memory memory() {
    return packed;
  }

  /** Numbers that are the same for the same order of the same array, and for no other. */
  static List<Long> order(memory.desc packed) {
    List<Long> numbers = new ArrayList<>();
    dnnl_blocking_desc_t blocks = packed.data().format_desc_blocking();
    for (int d = 0; d < packed.data().ndims(); d++) {
      numbers.add(blocks.strides().get(d));
    }
    for (int b = 0; b < blocks.inner_nblks(); b++) {
      numbers.add(blocks.inner_idxs().get(b));
      numbers.add(blocks.inner_blks().get(b));
    }
    return List.copyOf(numbers);
  }
}
