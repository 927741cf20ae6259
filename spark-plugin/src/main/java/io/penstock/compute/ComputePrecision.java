package io.penstock.compute;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Precision of products on a GPU (mixed precision): the numbers that matrix products and
 * convolutions take their factors in. Weights, gradients, activations and all sums stay in 32 bits
 * whatever this is. Only float32 is what a processor computes with; the others round each factor to
 * the nearest, for the GPU's matrix units, which are many times faster, as described by
 * Micikevicius et al., "Mixed Precision Training", 2018.
 */
public enum ComputePrecision {
  /** Factors as they are: 24 significant bits. */
  FLOAT32,
  /**
   * NVIDIA's TensorFloat-32: the range of 32 bits with 11 significant ones, so that a factor is off
   * by at most 1 in 2,048 of itself.
   */
  TF32,
  /**
   * The range of 32 bits with 8 significant ones: a factor is off by at most 1 in 256 of itself.
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
