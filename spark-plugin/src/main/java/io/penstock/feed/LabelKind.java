package io.penstock.feed;

import io.penstock.Amount;
import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;

/**
 * Kind of a row's label: a class id, one number, several numbers, or a sequence of ids. Immutable.
 */
public sealed interface LabelKind extends Serializable {

  /** A class number: a whole number in [0, numClasses). */
  static LabelKind classId(int numClasses) {
    return new ClassId(numClasses);
  }

  /** Any finite number. */
  static LabelKind real() {
    return new Real();
  }

  /**
   * This many finite numbers: a vector, an array of any numeric type or, for a single one, a
   * numeric column.
   */
  static LabelKind reals(int count) {
    return new Reals(count);
  }

  /**
   * An id for every id of the features: an array as long as theirs, of whole numbers below {@code
   * numClasses}. A negative one is padding that the loss ignores; it is fed as -1.
   */
  static LabelKind ids(int numClasses) {
    return new Ids(numClasses);
  }

  /** Returns how many numbers a label has; of a sequence, each of its places. */
  default int numbers() {
    return 1;
  }

  /** Complaint about a finite value, with what to do; empty where it is a good label. */
  Optional<String> complaint(double label);

  /**
   * Class id as a label: see {@link LabelKind#classId}.
   *
   * @throws IllegalArgumentException for fewer than 2 classes, or more than 2^24, from where on a
   *     32-bit float no longer holds every whole number
   */
  record ClassId(int numClasses) implements LabelKind {
    public ClassId {
      checkClasses(numClasses);
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
                + new Amount(numClasses, "class")
                + " it must lie from 0 to "
                + (numClasses - 1)
                + ". Give the last layer more outputs, or number the classes from 0 with"
                + " StringIndexer.");
      }
      return Optional.empty();
    }
  }

  /** Number as a label: see {@link LabelKind#real}. */
  record Real() implements LabelKind {
    @Override
    public Optional<String> complaint(double label) {
      return Optional.empty();
    }
  }

  /**
   * Several numbers as a label: see {@link LabelKind#reals}.
   *
   * @throws IllegalArgumentException for fewer than 1
   */
  record Reals(int count) implements LabelKind {
    public Reals {
      if (count < 1) {
        throw new IllegalArgumentException(
            "a label of "
                + new Amount(count, "number")
                + " says nothing; it must have at least 1.");
      }
    }

    @Override
    public int numbers() {
      return count;
    }

    @Override
    public Optional<String> complaint(double label) {
      return Optional.empty();
    }
  }

  /**
   * Sequence of ids as a label: see {@link LabelKind#ids}.
   *
   * @throws IllegalArgumentException for fewer than 2 classes, or more than 2^24, from where on a
   *     32-bit float no longer holds every whole number
   */
  record Ids(int numClasses) implements LabelKind {
    public Ids {
      checkClasses(numClasses);
    }

    @Override
    public Optional<String> complaint(double label) {
      return label < numClasses
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT,
                  "is %.0f; with %s it must be below %d, or negative to be left out. Give the"
                      + " last layer more outputs, or map rare ids to one.",
                  label,
                  new Amount(numClasses, "id"),
                  numClasses));
    }
  }

  private static void checkClasses(int numClasses) {
    if (numClasses < 2 || numClasses > FeatureRows.MOST_IDS) {
      throw new IllegalArgumentException(
          "numClasses is " + numClasses + "; it must be from 2 to " + FeatureRows.MOST_IDS + ".");
    }
  }
}
