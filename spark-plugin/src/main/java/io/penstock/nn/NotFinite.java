package io.penstock.nn;

import io.penstock.Amount;
import io.penstock.array.HostCopy;
import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.ComputeKinds;
import io.penstock.compute.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Report of numbers that are NaN or infinite where none should be. Immutable.
 *
 * @param name what holds them, such as {@code weights}
 * @param count how many they are
 * @param of how many numbers there are in all
 * @param first the first of them
 */
public record NotFinite(String name, long count, long of, double first) {

  /**
   * Looks for such numbers in an array: in one pass of BLAS where there are none.
   *
   * @param name what the array is called
   * @return empty if all are finite
   */
  public static Optional<NotFinite> in(String name, INDArray array) {
    try (HostCopy copy = HostCopy.of(array)) {
      return in(name, copy.host(), ComputeKinds.of(array.dataType()).open().rows());
    }
  }

  /**
   * Looks for such numbers in an array, for whoever looks often and has something that computes.
   */
  public static Optional<NotFinite> in(String name, INDArray array, Rows rows) {
    if (rows.squaresAreFinite(array)) {
      return Optional.empty();
    }
    try (HostCopy copy = HostCopy.of(array)) {
      Numbers numbers = Numbers.of(copy.host());
      return in(name, array.length(), numbers::get);
    }
  }

  /**
   * Looks for such numbers in a layer's parameters, or in their gradients, wherever they lie: those
   * of a device are copied.
   *
   * @return those of the first array that has any, under its name; empty if all are finite
   */
  public static Optional<NotFinite> in(Parameters parameters) {
    if (NativeArrays.isOnDevice(parameters.flat())) {
      try (Parameters host = parameters.copiedToHost()) {
        return in(host);
      }
    }
    return in(parameters, ComputeKinds.of(parameters.flat().dataType()).open().rows());
  }

  /**
   * Looks for such numbers in a layer's parameters, or in their gradients.
   *
   * @param rows operations where these lie
   * @return as {@link #in(Parameters)}
   */
  public static Optional<NotFinite> in(Parameters parameters, Rows rows) {
    if (parameters.squaresAreFinite(rows)) {
      return Optional.empty();
    }
    return parameters.specs().stream()
        .flatMap(spec -> in(spec.name(), parameters.get(spec.name()), rows).stream())
        .findFirst();
  }

  /**
   * Looks for such numbers in a layer's parameters as they travel.
   *
   * @param values in the order of {@link Parameters#flat()}
   * @return those of the first array that has any, under its name; empty if all are finite
   */
  public static Optional<NotFinite> in(List<ParameterSpec> specs, float[] values) {
    List<NotFinite> found = new ArrayList<>();
    int offset = 0;
    for (ParameterSpec spec : specs) {
      int from = offset;
      in(spec.name(), spec.size(), place -> values[from + (int) place]).ifPresent(found::add);
      offset += (int) spec.size();
    }
    return found.stream().findFirst();
  }

  private static Optional<NotFinite> in(String name, long length, LongToDoubleFunction numbers) {
    long count = 0;
    double first = 0;
    for (long place = 0; place < length; place++) {
      double one = numbers.applyAsDouble(place);
      if (!Double.isFinite(one)) {
        first = count == 0 ? one : first;
        count++;
      }
    }
    return count == 0 ? Optional.empty() : Optional.of(new NotFinite(name, count, length, first));
  }

  /** Words: how many of how many, and the first of them. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d of %s of %s are not finite, the first is %s",
        count,
        new Amount(of, "number"),
        name,
        first);
  }
}
