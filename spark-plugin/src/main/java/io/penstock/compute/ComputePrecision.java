package io.penstock.compute;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Precision of the factors in matrix products on a GPU. Arrays hold float32 and sums are float32
 * whatever it is; what differs is how much of each factor the multiplication sees. All else that a
 * network computes is float32.
 */
public enum ComputePrecision {
  /** 24 bits of significand, all that there are: the default, for results as on a processor. */
  FLOAT32,

  /**
   * TensorFloat-32: factors rounded to 11 bits of significand with float32's range, multiplied by
   * tensor cores of compute capability 8.0 and later.
   */
  TF32,

  /**
   * bfloat16: factors rounded to 8 bits of significand with float32's range, where the library has
   * a faster kernel for that; it may take {@link #TF32} for others.
   */
  BFLOAT16;

  /** The name as a setting: {@code float32}, {@code tf32} or {@code bfloat16}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names, in the order of the values. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(ComputePrecision::id).toList();
  }

  /**
   * The value of this name, in either case.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static ComputePrecision named(String name) {
    return Arrays.stream(values())
        .filter(one -> one.id().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "Unknown precision of products '%s'; use one of %s.",
                        name,
                        String.join(", ", ids()))));
  }
}
