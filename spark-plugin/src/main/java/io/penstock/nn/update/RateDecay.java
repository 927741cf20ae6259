package io.penstock.nn.update;

import java.util.Arrays;
import java.util.Locale;

/** How the learning rate goes down from the end of its warm-up to the end of a run. */
public enum RateDecay {
  /** It does not. */
  NONE {
    @Override
    double factor(double share) {
      return 1;
    }
  },
  /** In a straight line to 0. */
  LINEAR {
    @Override
    double factor(double share) {
      return 1 - share;
    }
  },
  /**
   * Along half a cosine wave to 0 (Loshchilov and Hutter, 2016, arXiv 1608.03983, without
   * restarts).
   */
  COSINE {
    @Override
    double factor(double share) {
      // StrictMath: every machine takes the same step.
      return (1 + StrictMath.cos(Math.PI * share)) / 2;
    }
  };

  /** What is left after this share, 0 to 1, of the steps that follow the warm-up. */
  abstract double factor(double share);

  /**
   * The decay of this name, in either case: {@code none}, {@code linear} or {@code cosine}.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static RateDecay named(String name) {
    return Arrays.stream(values())
        .filter(decay -> decay.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown decay of the learning rate '"
                        + name
                        + "'; use one of "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)
                        + "."));
  }
}
