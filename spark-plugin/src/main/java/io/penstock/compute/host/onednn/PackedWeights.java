package io.penstock.compute.host.onednn;

import io.penstock.Internal;
import io.penstock.array.SpareMemory;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Packed weights: those of a matrix product or a convolution in the memory order in which a kernel
 * reads them. Packing takes about a third of a product with 64 rows, which a matrix product of BLAS
 * does at every call; here it is done once, when the weights have changed. Not for use while {@link
 * #pack}ing; otherwise any number of threads may read it.
 */
@Internal
public final class PackedWeights {
  private final Packing packing;
  private final BytePointer room;
  private final long address;

  /** Allocates room for weights; it holds nothing before {@link #pack}. */
  PackedWeights(memory.desc plain, memory.desc packed) {
    long bytes = packed.get_size() + Scratch.LINE;
    room = SpareMemory.allocate(bytes, () -> new BytePointer(bytes));
    address = Scratch.nextLine(room.address());
    packing = Packing.of(plain, packed, address);
  }

  /** Packs the weights as they are now; they lie densely as was said when this was made. */
  public void pack(INDArray weights) {
    packing.pack(weights);
    Reference.reachabilityFence(weights);
  }

  /** Frees the memory; it may not be used any more. */
  public void free() {
    packing.free();
    room.deallocate();
  }

  /** Address of the packed weights. */
  long address() {
    return address;
  }

  /**
   * Returns a key of a memory order: numbers that are equal for the same order of the same array,
   * and for no other.
   */
  static List<Long> order(memory.desc packed) {
    List<Long> numbers = new ArrayList<>();
    add(packed.get_strides(), numbers);
    add(packed.get_padded_dims(), numbers);
    if (packed.get_inner_nblks() > 0) {
      add(packed.get_inner_idxs(), numbers);
      add(packed.get_inner_blks(), numbers);
    }
    return List.copyOf(numbers);
  }

  private static void add(LongPointer some, List<Long> numbers) {
    for (long i = 0; i < some.limit(); i++) {
      numbers.add(some.get(i));
    }
  }
}
