package io.penstock.feed;

import java.io.Serializable;
import java.util.Optional;

/** What a label may be. Immutable. */
public sealed interface LabelKind extends Serializable {

  /** A class number: a whole number in [0, numClasses). */
  static LabelKind classId(int numClasses) {
    return new ClassId(numClasses);
  }

  /** Any finite number. */
  static LabelKind real() {
    return new Real();
  }

  /** What is wrong with this finite value, and what to do; empty where it is a good label. */
  Optional<String> complaint(double label);

  /**
   * See {@link LabelKind#classId}.
   *
   * @throws IllegalArgumentException for fewer than 2 classes, or more than 2^24, from where on a
   *     32-bit float no longer holds every whole number
   */
  record ClassId(int numClasses) implements LabelKind {
    private static final int MOST = 1 << 24;

    public ClassId {
      if (numClasses < 2 || numClasses > MOST) {
        throw new IllegalArgumentException(
            "numClasses is " + numClasses + "; it must be from 2 to " + MOST + ".");
      }
    }

    @Override
    public Optional<String> complaint(double label) {
      if (label < 0) {
        return Optional.of(
            "is "
                + label
                + "; a class cannot be negative. Number the classes from 0 with StringIndexer.");
      }
      if (label != Math.rint(label)) {
        return Optional.of(
            "is "
                + label
                + "; a class must be a whole number. Number the classes with StringIndexer, or use"
                + " the regressor if this is a quantity.");
      }
      if (label >= numClasses) {
        return Optional.of(
            "is "
                + label
                + "; with "
                + numClasses
                + " classes it must lie from 0 to "
                + (numClasses - 1)
                + ". Give the last layer more outputs, or number the classes from 0 with"
                + " StringIndexer.");
      }
      return Optional.empty();
    }
  }

  /** See {@link LabelKind#real}. */
  record Real() implements LabelKind {
    @Override
    public Optional<String> complaint(double label) {
      return Optional.empty();
    }
  }
}
