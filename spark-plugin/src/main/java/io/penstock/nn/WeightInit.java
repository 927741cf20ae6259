package io.penstock.nn;

import io.penstock.Amount;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonValue;

/**
 * Weight initialization schemes, by the names that DL4J has for them. A unit's fan-in is how many
 * inputs it sums, its fan-out how many units an input goes to.
 */
public enum WeightInit {
  /** Normal, of variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010). */
  XAVIER {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return Initializer.normal(Math.sqrt(2.0 / (fanIn + fanOut)));
    }
  },
  /** Uniform, of variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010). */
  XAVIER_UNIFORM {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return within(Math.sqrt(6.0 / (fanIn + fanOut)));
    }
  },
  /** Normal, of variance 2 / fan-in, before relu (He et al., 2015, arXiv 1502.01852). */
  RELU {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return Initializer.normal(Math.sqrt(2.0 / fanIn));
    }
  },
  /** Uniform, of variance 2 / fan-in, before relu (He et al., 2015, arXiv 1502.01852). */
  RELU_UNIFORM {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return within(Math.sqrt(6.0 / fanIn));
    }
  },
  /** Normal, of variance 1 / fan-in (LeCun et al., 1998, "Efficient BackProp"). */
  LECUN_NORMAL {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return Initializer.normal(Math.sqrt(1.0 / fanIn));
    }
  },
  /**
   * Uniform, of variance 1 / fan-in (LeCun et al., 1998, "Efficient BackProp"), so within √(3 /
   * fan-in); DL4J goes to 3 / √fan-in.
   */
  LECUN_UNIFORM {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return within(Math.sqrt(3.0 / fanIn));
    }
  },
  /** Uniform within 1 / √fan-in. */
  UNIFORM {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return within(1 / Math.sqrt(fanIn));
    }
  },
  /** Normal, of standard deviation 1 / √fan-in. */
  NORMAL {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return LECUN_NORMAL.of(fanIn, fanOut);
    }
  },
  /** All 0. */
  ZEROS {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return Initializer.zeros();
    }
  },
  /** All 1. */
  ONES {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      return Initializer.constant(1);
    }
  },
  /** The identity matrix: a layer that at first changes nothing. */
  IDENTITY {
    @Override
    public Initializer of(long fanIn, long fanOut) {
      if (fanIn != fanOut) {
        throw new ShapeException(
            "Weights of "
                + new Amount(fanIn, "input")
                + " and "
                + new Amount(fanOut, "output")
                + " cannot begin as the identity, which is square; give the layer "
                + new Amount(fanIn, "output")
                + ", or begin with xavier.");
      }
      return Initializer.identity(fanIn);
    }
  };

  /**
   * Returns the initial values of a weight matrix with these fans.
   *
   * @throws ShapeException if it cannot begin so
   */
  public abstract Initializer of(long fanIn, long fanOut);

  /**
   * Returns the scheme of this name, in either case.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  @JsonCreator
  public static WeightInit named(String name) {
    return Arrays.stream(values())
        .filter(init -> init.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Weights cannot begin by '"
                        + name
                        + "'; use one of "
                        + Arrays.toString(values()).toLowerCase(Locale.ROOT)
                        + "."));
  }

  /** Returns the name in JSON. */
  @JsonValue
  String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Initializer within(double limit) {
    return Initializer.uniform(-limit, limit);
  }
}
