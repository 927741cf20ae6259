package io.penstock.nn;

import java.util.SplittableRandom;

/** How a parameter is born; the names and variances are those of ND4J and DL4J. */
public enum Initializer {
  /** All zero. */
  ZERO,
  /** All one. */
  ONE,
  /** Normal with variance 2 / (fan-in + fan-out): Glorot and Bengio, 2010. */
  XAVIER,
  /** Normal with variance 2 / fan-in, for layers before a ReLU: He et al., 2015. */
  RELU;

  /** Values in the parameter's own order; those of the same key are the same. */
  float[] values(int length, long fanIn, long fanOut, long... key) {
    float[] values = new float[length];
    double deviation =
        switch (this) {
          case ZERO, ONE -> 0;
          case XAVIER -> Math.sqrt(2.0 / (fanIn + fanOut));
          case RELU -> Math.sqrt(2.0 / fanIn);
        };
    SplittableRandom random = KeyedRandom.of(key);
    for (int i = 0; i < length; i++) {
      values[i] =
          switch (this) {
            case ZERO -> 0f;
            case ONE -> 1f;
            case XAVIER, RELU -> (float) (random.nextGaussian() * deviation);
          };
    }
    return values;
  }
}
