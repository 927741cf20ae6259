package io.penstock.gpucheck;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Matrices;
import io.penstock.compute.cuda.BareKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Everything that is asked of the families of operations, so that every kernel runs. */
final class KernelCases {
  /** A single rounding, or a few. */
  static final double EACH = 2e-6;

  /** Sums, powers of e and what is made of them. */
  static final double SUM = 2e-5;

  private final List<KernelCase> all = new ArrayList<>();

  /** Rows, widths and inner dimensions are divided by this. */
  private final int less;

  private KernelCases(boolean small) {
    this.less = small ? 8 : 1;
  }

  /**
   * Returns all cases.
   *
   * @param small whether sizes are small, for a stand-in of a GPU
   * @param kernels those of the device, once it is open
   */
  static List<KernelCase> all(boolean small, Supplier<BareKernels> kernels) {
    KernelCases cases = new KernelCases(small);
    cases.rows();
    cases.products();
    cases.conversions();
    NormCases.addTo(cases);
    WindowCases.addTo(cases);
    CellCases.addTo(cases);
    LearningCases.addTo(cases);
    BareCases.addTo(cases, kernels);
    return List.copyOf(cases.all);
  }

  /** Adds a case. */
  void add(String name, double tolerance, KernelCase.Action action) {
    all.add(new KernelCase(name, tolerance, action));
  }

  private void rows() {
    add(
        "rows: vectors added to each, rows added up",
        SUM,
        (compute, given) -> {
          for (long[] shape : new long[][] {{3, 5}, {4096 / less, 257}, {65_536 / less, 7}}) {
            INDArray matrix = given.random(shape);
            compute.rows().addToEach(matrix, given.random(shape[1]));
            compute.rows().addUp(matrix, given.random(shape[1]));
          }
        });
    add(
        "rows: copied, added, multiplied, scaled, filled, cleared",
        EACH,
        (compute, given) -> {
          INDArray a = given.random(1_000_003 / less);
          INDArray b = given.random(1_000_003 / less);
          compute.rows().copy(a, 3, b, 1, 4097);
          compute.rows().add(a, 1, b, 5, 4099);
          compute.rows().add(a, b, given.room(a.length()));
          compute.rows().multiply(a, b, given.room(a.length()));
          compute.rows().scale(b, 0.37);
          compute.rows().clear(b, 7, 1001);
          compute.rows().fill(given.room(513), 2.5);
          compute.rows().addZero(a);
        });
    add(
        "rows: swapped, looked up, added at ids",
        SUM,
        (compute, given) -> {
          INDArray sequences = given.random(33, 17, 129);
          compute.rows().swap(sequences, given.room(17, 33, 129));
          INDArray table = given.random('f', 129, 211);
          int[] ids = given.ids(2000 / less, 211);
          INDArray rows = given.room(ids.length, 129);
          compute.rows().lookUp(table, ids, rows);
          compute.rows().addAt(given.random(ids.length, 129), ids, table);
          compute.rows().put(given.random(4, 129), new int[] {7, -1, 3, 210}, table);
        });
    add(
        "rows: columns copied, vectors added to some, marks",
        EACH,
        (compute, given) -> {
          INDArray from = given.random(203, 77);
          compute.rows().copyColumns(from, 5, given.random(203, 51), 9, 33);
          INDArray matrices = given.random(5, 7, 3);
          compute.rows().addToSome(matrices, new int[] {4, 0}, new float[] {1, 2, 3, 4, 5, 6});
          compute.rows().markNotFinite(from, given.of(0));
          compute.rows().markNotFinite(given.of(1, Float.NaN), given.of(0));
          compute.rows().markNotFinite(given.of(1, Float.NEGATIVE_INFINITY), given.of(0));
        });
    add(
        "rows: dropout's mask",
        EACH,
        (compute, given) ->
            compute.rows().mask(0x5EED_0123_4567L, 0.3, given.room(100_003 / less)));
    add(
        "rows: sums of squares",
        SUM,
        (compute, given) -> {
          INDArray numbers = given.random(1_000_003 / less);
          given.result(compute.rows().sumOfSquares(numbers));
          given.result(compute.rows().squaresAreFinite(numbers) ? 1 : 0);
          INDArray large = given.of(1e30f, 2);
          given.result(compute.rows().squaresAreFinite(large) ? 1 : 0);
        });
  }

  private void products() {
    product(3, 1000 / less, 5);
    product(5, 700 / less, 300);
    product(300, 700 / less, 3);
    product(37, 65, 41);
    product(200, 300 / less, 130);
    product(1024, 257 / less, 1024);
    product(64, 16_384 / less, 64);
    add(
        "products: of matrices that begin anywhere",
        SUM,
        (compute, given) -> {
          INDArray input = NativeArrays.view(given.random(1 + 33 * 40), 1, 33 * 40);
          INDArray output = given.random(3 + 33 * 24);
          compute
              .products()
              .rows(
                  input.reshape('c', new long[] {33, 40}),
                  Given.weights(given.random('f', 40, 24)),
                  "w",
                  false,
                  given.random(24),
                  NativeArrays.view(output, 3, 33 * 24).reshape('c', new long[] {33, 24}));
        });
    add(
        "products: batches of matrices, as attention takes them",
        SUM,
        (compute, given) -> {
          INDArray vectors = given.random(3 * 33, 3 * 64);
          Matrices queries = Matrices.sideBySide(vectors, 0, 3, 4, 16);
          Matrices keys = Matrices.sideBySide(vectors, 64, 3, 4, 16);
          Matrices scores = Matrices.dense(given.room(3, 4, 33, 33));
          compute.products().multiply(queries, false, keys, true, 0.25, scores);
        });
  }

  private void conversions() {
    float[] odd = {
      Float.NaN, Float.POSITIVE_INFINITY, -70_000, 65_519.996f, 65_520, 3e-8f, -6e-5f, 1e-40f, -0f
    };
    for (DataType type : new DataType[] {DataType.BFLOAT16, DataType.HALF}) {
      add(
          "rounded to 16 bits and back: " + type,
          0,
          (compute, given) -> {
            for (INDArray numbers : List.of(given.random(10_007), given.of(odd))) {
              INDArray words = given.scratch((numbers.length() + 1) / 2);
              compute.conversions().round(numbers, type, words);
              compute.conversions().widen(words, type, given.room(numbers.length()));
            }
          });
    }
  }

  private void product(long rows, long inner, long columns) {
    add(
        String.format(Locale.ROOT, "products: %d x %d x %d", rows, inner, columns),
        SUM,
        (compute, given) -> {
          INDArray input = given.random(rows, inner);
          INDArray weights = given.random('f', inner, columns);
          INDArray output = given.room(rows, columns);
          INDArray bias = given.random(columns);
          compute.products().rows(input, Given.weights(weights), "w", false, bias, output);
          INDArray back = given.room(rows, inner);
          INDArray gradient = given.random(rows, columns);
          compute.products().rows(gradient, Given.weights(weights), "w", true, null, back);
          INDArray sum = given.random('f', inner, columns);
          compute.products().weightGradient(input, gradient, sum);
        });
  }
}
