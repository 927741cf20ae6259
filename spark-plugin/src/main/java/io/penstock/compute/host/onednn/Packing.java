package io.penstock.compute.host.onednn;

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
 * Copy of weights from their plain memory order into a kernel's, at one address. For one thread.
 */
interface Packing {
  /** Packs the weights as they are now; whoever calls keeps them reachable. */
  void pack(INDArray weights);

  /** Frees scratch memory. */
  void free();

  /**
   * Chooses how to pack weights.
   *
   * @param plain how they lie
   * @param packed how the kernel reads them
   * @param address of the packed ones
   */
  static Packing of(memory.desc plain, memory.desc packed, long address) {
    return Panels.suit(plain, packed)
        ? new Panels(plain, packed, address)
        : new Whole(plain, packed, address);
  }

  /** Packing of all weights at once. */
  final class Whole implements Packing {
    private final engine engine = OneDnn.processor();
    private final stream stream = new stream(engine);
    private final Handle handle = new Handle();
    private final memory from;
    private final reorder reorder;
    private final IntMemoryMap arguments;

    Whole(memory.desc plain, memory.desc packed, long address) {
      from = new memory(plain, engine, (Pointer) null);
      memory to = new memory(packed, engine, (Pointer) null);
      handle.give(to, address);
      reorder = new reorder(from, to);
      arguments = new IntMemoryMap().put(DNNL_ARG_FROM, from).put(DNNL_ARG_TO, to);
    }

    @Override
    public void pack(INDArray weights) {
      handle.give(from, weights);
      reorder.execute(stream, arguments);
    }

    @Override
    public void free() {}
  }
}
