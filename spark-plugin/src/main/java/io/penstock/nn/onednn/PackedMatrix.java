package io.penstock.nn.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A matrix of weights in the order in which {@link PackedProduct} reads it. Packing takes about a
 * third of a product with 64 rows, which a matrix product of BLAS does at every call; here it is
 * done once, when the weights have changed. Not for use while {@link #pack}ing; otherwise any
 * number of threads may read it.
 */
public final class PackedMatrix {
  private final engine engine = OneDnn.processor();
  private final stream stream = new stream(engine);
  private final memory plain;
  private final memory packed;
  private final reorder reorder;
  private final IntMemoryMap arguments;

  /**
   * Room for a matrix; it holds nothing before {@link #pack}.
   *
   * @param inputs rows of the matrix
   * @param outputs its columns
   * @param transposed false if the plain matrix lies column by column, true if row by row
   */
  public PackedMatrix(long inputs, long outputs, boolean transposed) {
    memory.format_tag order = transposed ? memory.format_tag.iohw : memory.format_tag.oihw;
    plain = new memory(OneDnn.floats(order, outputs, inputs, 1, 1), engine, (Pointer) null);
    packed = new memory(PackedProduct.packedOrder(engine, inputs, outputs), engine);
    reorder = new reorder(plain, packed);
    arguments = new IntMemoryMap().put(DNNL_ARG_FROM, plain).put(DNNL_ARG_TO, packed);
  }

  /** Packs the matrix as it is now. */
  public void pack(INDArray matrix) {
    plain.set_data_handle(OneDnn.pointer(matrix));
    reorder.execute(stream, arguments);
  }

  /** Frees the memory; it may not be used any more. */
  public void free() {
    packed.deallocate();
  }

  memory memory() {
    return packed;
  }
}
