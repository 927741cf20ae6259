package io.penstock.compute.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToIntFunction;
import java.util.function.ToIntFunction;

/**
 * cuBLASLt's descriptions of a product of one shape, and the algorithm that it chose for it. All
 * matrices lie column by column, as it counts. For one thread; to be freed.
 */
final class CublasPlan {
  /**
   * One of a product's three matrices: how it lies, not where.
   *
   * @param rows as it lies, before it is transposed
   * @param step from a matrix of the batch to the next, in numbers
   * @param alignment of all matrices of the batch, in bytes
   */
  record Layout(
      boolean transposed, long rows, long columns, long leading, long step, int alignment) {}

  /**
   * What an algorithm is chosen by.
   *
   * @param count of matrices
   * @param bias whether one is added
   * @param computeType how it is computed
   */
  record Shape(Layout a, Layout b, Layout c, int count, boolean bias, int computeType) {}

  private final List<Runnable> made = new ArrayList<>();
  private final Shape shape;
  private final long description;
  private final long a;
  private final long b;
  private final long c;
  private final Memory choice = new Memory(Cublas.CHOICE_BYTES);
  private final Memory value = new Memory(Long.BYTES);
  private final Memory factors = new Memory(2 * Float.BYTES);
  private final boolean found;

  /**
   * @param most bytes of workspace that there are
   * @throws CudaException if the library fails; nothing is left behind then
   */
  CublasPlan(long handle, Shape shape, long most) {
    this.shape = shape;
    try {
      description =
          made(
              "MatmulDescCreate",
              to -> Cublas.cublasLtMatmulDescCreate(to, shape.computeType(), Cublas.FLOAT),
              Cublas::cublasLtMatmulDescDestroy);
      a = layout(shape.a(), shape.count());
      b = layout(shape.b(), shape.count());
      c = layout(shape.c(), shape.count());
      describe(Cublas.TRANSPOSE_A, shape.a().transposed() ? 1 : 0);
      describe(Cublas.TRANSPOSE_B, shape.b().transposed() ? 1 : 0);
      if (shape.bias()) {
        describe(Cublas.EPILOGUE, Cublas.ADD_BIAS);
        bias(Realigned.BYTES); // the choice heeds how it is aligned, and nothing else of it
      }
      found = choose(handle, most);
    } catch (CudaException e) {
      free();
      throw e;
    }
  }

  private long layout(Layout one, int count) {
    long layout =
        made(
            "MatrixLayoutCreate",
            to ->
                Cublas.cublasLtMatrixLayoutCreate(
                    to, Cublas.FLOAT, one.rows(), one.columns(), one.leading()),
            Cublas::cublasLtMatrixLayoutDestroy);
    value.setInt(0, count);
    check(
        Cublas.cublasLtMatrixLayoutSetAttribute(
            layout, Cublas.BATCH_COUNT, address(value), Integer.BYTES),
        "MatrixLayoutSetAttribute");
    value.setLong(0, one.step());
    check(
        Cublas.cublasLtMatrixLayoutSetAttribute(
            layout, Cublas.BATCH_STEP, address(value), Long.BYTES),
        "MatrixLayoutSetAttribute");
    return layout;
  }

  private void describe(int attribute, int number) {
    value.setInt(0, number);
    check(
        Cublas.cublasLtMatmulDescSetAttribute(
            description, attribute, address(value), Integer.BYTES),
        "MatmulDescSetAttribute");
  }

  private void bias(long address) {
    value.setLong(0, address);
    check(
        Cublas.cublasLtMatmulDescSetAttribute(description, Cublas.BIAS, address(value), Long.BYTES),
        "MatmulDescSetAttribute");
  }

  /** Asks for the algorithm that the library thinks the fastest; false if it has none. */
  private boolean choose(long handle, long most) {
    long preference =
        made(
            "MatmulPreferenceCreate",
            Cublas::cublasLtMatmulPreferenceCreate,
            Cublas::cublasLtMatmulPreferenceDestroy);
    value.setLong(0, most);
    prefer(preference, Cublas.MOST_WORKSPACE, Long.BYTES);
    value.setInt(0, Cublas.REDUCED_IN_WORKSPACE);
    prefer(preference, Cublas.REDUCTIONS, Integer.BYTES);
    int[] alignments = {
      shape.a().alignment(), shape.b().alignment(), shape.c().alignment(), shape.c().alignment()
    };
    for (int i = 0; i < alignments.length; i++) {
      value.setInt(0, alignments[i]);
      prefer(preference, Cublas.ALIGNMENT_OF_A + i, Integer.BYTES);
    }
    IntByReference count = new IntByReference();
    int result =
        Cublas.cublasLtMatmulAlgoGetHeuristic(
            handle, description, a, b, c, c, preference, 1, address(choice), count);
    if (result == Cublas.NOT_SUPPORTED || result == Cublas.SUCCESS && count.getValue() == 0) {
      return false;
    }
    check(result, "MatmulAlgoGetHeuristic");
    return choice.getInt(Cublas.CHOICE_RESULT) == Cublas.SUCCESS
        && choice.getLong(Cublas.CHOICE_WORKSPACE) <= most;
  }

  private void prefer(long preference, int attribute, long bytes) {
    check(
        Cublas.cublasLtMatmulPreferenceSetAttribute(preference, attribute, address(value), bytes),
        "MatmulPreferenceSetAttribute");
  }

  /** Returns whether the library can compute this product. */
  boolean isPossible() {
    return found;
  }

  /**
   * Computes a product, on the calling thread's stream. All addresses are the device's.
   *
   * @param bias 0 if there is none
   */
  void run(
      long handle,
      double factor,
      long atA,
      long atB,
      double beta,
      long atC,
      long bias,
      long workspace,
      long workspaceBytes) {
    if (shape.bias()) {
      bias(bias);
    }
    factors.setFloat(0, (float) factor);
    factors.setFloat(Float.BYTES, (float) beta);
    check(
        Cublas.cublasLtMatmul(
            handle,
            description,
            address(factors),
            atA,
            a,
            atB,
            b,
            address(factors) + Float.BYTES,
            atC,
            c,
            atC,
            c,
            address(choice),
            workspace,
            workspaceBytes,
            Driver.OWN_STREAM),
        "Matmul");
  }

  void free() {
    made.forEach(Runnable::run);
    made.clear();
  }

  /** Makes something of the library's, which is freed with this plan. */
  private long made(String call, ToIntFunction<LongByReference> create, LongToIntFunction destroy) {
    LongByReference to = new LongByReference();
    check(create.applyAsInt(to), call);
    long handle = to.getValue();
    made.add(() -> destroy.applyAsInt(handle));
    return handle;
  }

  private void check(int result, String call) {
    CublasFailure.check(result, call, shape);
  }

  private static long address(Memory memory) {
    return Pointer.nativeValue(memory);
  }
}
