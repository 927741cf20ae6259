package io.penstock.nn.update;

import java.util.Arrays;
import java.util.Locale;

/** Learning-rate decay from the end of the warm-up to the end of a run. */
public enum RateDecay {
  /** No decay. */
  NONE {
    @Override
    double factor(double share) {
      return 1;
    }
  },
  /** Decay in a straight line to 0. */
  LINEAR {
    @Override
    double factor(double share) {
      return 1 - share;
    }
  },
  /**
   * Decay along half a cosine wave to 0 (Loshchilov and Hutter, 2016, arXiv 1608.03983, without
   * restarts).
   */
  COSINE {
    @Override
    double factor(double share) {
      // StrictMath: every machine takes the same step.
      return (1 + StrictMath.cos(Math.PI * share)) / 2;
    }
  };

  /**
   * Returns the factor of the rate that is left after this share, 0 to 1, of the steps that follow
   * the warm-up.
   */
  abstract double factor(double share);

  /**
   * Returns the decay of this name, in either case: {@code none}, {@code linear} or {@code cosine}.
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
