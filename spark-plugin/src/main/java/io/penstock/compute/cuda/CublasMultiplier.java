package io.penstock.compute.cuda;

import com.sun.jna.ptr.LongByReference;
import io.penstock.array.DeviceBuffer;
import io.penstock.compute.ComputePrecision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Matrix products by cuBLASLt. An algorithm is asked for once a shape and kept, so that a product
 * of a shape always has the same one; nothing is measured.
 *
 * <p>The same bits every time, on GPUs of one architecture with as many multiprocessors, under one
 * version of the library: cuBLAS's documentation (2.1.4, <i>Results reproducibility</i>) promises
 * that for all its routines, and where several streams are at work, for {@code cublasLtMatmul} with
 * a workspace that the user owns. It has one of this thread's stream. Where the library splits the
 * inner dimension, it may only do so with sums of parts in that workspace, added up in a step of
 * their own (CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE), never in place. What it chooses by is the
 * shape alone: matrices that begin at another multiple of 4 bytes than one of 16 are copied to one,
 * so that where an array happens to lie is nothing to it.
 *
 * <p>Products without an inner dimension, of more than 2^31 lines, or of a shape that the library
 * refuses, go to Penstock's own kernels. For one thread.
 */
final class CublasMultiplier implements Multiplier {
  /** Bytes of workspace: the most that NVIDIA recommends for any GPU, which is for Hopper. */
  static final long WORKSPACE = 32L << 20;

  /** Shapes that are kept, more than any network has; those that were used last. */
  private static final int MOST = 1024;

  /** Slots of scratch memory: the workspace, and copies that begin at a good address. */
  private static final int SLOT_WORKSPACE = 6;

  private static final int SLOT_A = 3;
  private static final int SLOT_B = 4;
  private static final int SLOT_C = 5;
  private static final int SLOT_BIAS = 2;

  private final CudaDevice device;
  private final Launcher launcher;
  private final int computeType;
  private final Multiplier own;
  private final Realigned realigned;
  private long handle;

  private final Map<CublasPlan.Shape, CublasPlan> plans =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CublasPlan.Shape, CublasPlan> eldest) {
          if (size() > MOST) {
            eldest.getValue().free();
            return true;
          }
          return false;
        }
      };

  /**
   * @param own what takes the products that the library does not
   */
  CublasMultiplier(
      CudaDevice device, Launcher launcher, ComputePrecision precision, Multiplier own) {
    this.device = device;
    this.launcher = launcher;
    this.own = own;
    realigned = new Realigned(launcher);
    computeType =
        switch (precision) {
          case FLOAT32 -> Cublas.COMPUTE_FLOAT;
          case TF32 -> Cublas.COMPUTE_TF32;
          case BFLOAT16 -> Cublas.COMPUTE_BFLOAT16;
        };
  }

  @Override
  public void multiply(MatrixProduct asked) {
    MatrixProduct product = asked.withResult(true);
    if (product.count() == 0) {
      return;
    }
    device.enter();
    EvenBatch batch = EvenBatch.of(product);
    CublasPlan plan = plan(product, batch);
    if (plan == null) {
      own.multiply(asked);
      return;
    }
    Operand c = realigned.write(product.c(), product, SLOT_C);
    run(
        plan,
        product.with(
            realigned.read(product.a(), product, SLOT_A),
            realigned.read(product.b(), product, SLOT_B),
            c),
        batch);
    realigned.written(product.c(), c, product);
    if (product.bias() != null && !isAddedByLibrary(product)) {
      addBias(asked.withResult(false));
    }
  }

  /** The plan for a shape; null if the library has none. */
  private CublasPlan plan(MatrixProduct product, EvenBatch batch) {
    if (product.inner() == 0
        || batch.count() > Integer.MAX_VALUE
        || !fits(product.a())
        || !fits(product.b())
        || !fits(product.c())) {
      return null;
    }
    CublasPlan plan =
        plans.computeIfAbsent(
            new CublasPlan.Shape(
                layout(product.a(), batch),
                layout(product.b(), batch),
                layout(product.c(), batch),
                (int) batch.count(),
                isAddedByLibrary(product),
                computeType),
            shape -> new CublasPlan(handle(), shape, WORKSPACE));
    return plan.isPossible() ? plan : null;
  }

  private static boolean fits(Operand operand) {
    return operand.rows() <= Integer.MAX_VALUE
        && operand.columns() <= Integer.MAX_VALUE
        && operand.leading() <= Integer.MAX_VALUE;
  }

  /** Whether a bias is part of the library's kernel, which has one number for each row. */
  private static boolean isAddedByLibrary(MatrixProduct product) {
    return product.bias() != null
        && product.biasOfRows()
        && product.batches() == 1
        && product.heads() == 1;
  }

  private static CublasPlan.Layout layout(Operand operand, EvenBatch batch) {
    return new CublasPlan.Layout(
        !operand.byColumns(),
        operand.byColumns() ? operand.rows() : operand.columns(),
        operand.byColumns() ? operand.columns() : operand.rows(),
        operand.leading(),
        batch.step(operand),
        batch.alignment(operand));
  }

  private void run(CublasPlan plan, MatrixProduct product, EvenBatch batch) {
    INDArray workspace = launcher.scratch(SLOT_WORKSPACE, WORKSPACE / Float.BYTES);
    long bias =
        isAddedByLibrary(product)
            ? DeviceBuffer.address(realigned.vector(product.bias(), SLOT_BIAS))
            : 0;
    for (long launch = 0; launch < batch.launches(); launch++) {
      plan.run(
          handle,
          product.factor(),
          address(product.a(), batch, launch),
          address(product.b(), batch, launch),
          product.beta(),
          address(product.c(), batch, launch),
          bias,
          DeviceBuffer.address(workspace),
          WORKSPACE);
    }
  }

  private static long address(Operand operand, EvenBatch batch, long launch) {
    return DeviceBuffer.address(operand.array())
        + (operand.at() + launch * batch.launchStep(operand)) * Float.BYTES;
  }

  /** Adds a bias that the library cannot, after the product. */
  private void addBias(MatrixProduct product) {
    Operand c = product.c();
    launcher
        .kernel("product_add_bias")
        .array(c.array(), c.at())
        .array(product.bias())
        .whole(product.count())
        .whole(c.rows())
        .whole(c.columns())
        .whole(c.leading())
        .whole(product.biasOfRows() ? 1 : 0)
        .whole(product.biasOfRows() ? 0 : 1)
        .whole(product.heads())
        .whole(c.batchStep())
        .whole(c.headStep())
        .each(product.count());
  }

  /** The library's handle, made when it is first wanted. */
  private long handle() {
    if (handle == 0) {
      LongByReference made = new LongByReference();
      CublasFailure.check(Cublas.cublasLtCreate(made), "Create", device);
      handle = made.getValue();
    }
    return handle;
  }

  @Override
  public void clear() {
    plans.values().forEach(CublasPlan::free);
    plans.clear();
    if (handle != 0) {
      Cublas.cublasLtDestroy(handle);
      handle = 0;
    }
    own.clear();
  }
}
