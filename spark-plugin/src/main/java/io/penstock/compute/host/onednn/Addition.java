package io.penstock.compute.host.onednn;

import io.penstock.Internal;
import java.lang.ref.Reference;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kernel that adds two arrays, number by number, in one pass over memory. For one thread. */
@Internal
public final class Addition {
  private final Handle handle = new Handle();
  private final memory first;
  private final memory second;
  private final memory sum;
  private final Elements.Pass pass;

  /** Compiles the kernel for arrays of this many numbers. */
  public Addition(long length) {
    Elements elements = new Elements(length);
    first = elements.vector();
    second = elements.vector();
    sum = elements.vector();
    pass = elements.combine(algorithm.binary_add, first, second, sum);
  }

  /** Adds two arrays. All lie densely in one order; the sum may be one of the others. */
  public void run(INDArray a, INDArray b, INDArray sum) {
    handle.give(first, a);
    handle.give(second, b);
    handle.give(this.sum, sum);
    pass.run();
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(sum);
  }
}
