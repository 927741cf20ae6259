package io.penstock.examples;

import java.util.List;

/**
 * An option that an example knows, {@code --name VALUE}.
 *
 * @param name without the dashes
 * @param byDefault its value where it is left out; empty if it then has none
 * @param what what it is for, for {@code --help}
 * @param check refuses a value
 */
public record Option(String name, String byDefault, String what, Check check) {

  /** What a value must be. */
  @FunctionalInterface
  public interface Check {
    /**
     * Looks at what was written on the command line.
     *
     * @throws IllegalArgumentException with the option, its value and what to write instead
     */
    void check(String name, String value);
  }

  /** Any text, such as a folder's name. */
  public static Option text(String name, String byDefault, String what) {
    return new Option(name, byDefault, what, (its, value) -> {});
  }

  /** A whole number of at least one. */
  public static Option count(String name, int byDefault, String what) {
    return atLeast(1, name, what).withDefault(byDefault);
  }

  /** Whole numbers of at least one, with commas between them. */
  public static Option counts(String name, String byDefault, String what) {
    return new Option(name, byDefault, what, Options::counts);
  }

  /** A whole number of at least {@code least}, without a default. */
  public static Option atLeast(int least, String name, String what) {
    return new Option(name, "", what, (its, value) -> Options.whole(least, its, value));
  }

  /** A number of at least 0, which may have a fraction. */
  public static Option number(String name, double byDefault, String what) {
    Check check =
        (its, value) -> {
          if (!(Options.number(its, value) >= 0)) {
            throw new IllegalArgumentException(
                "--" + its + " is '" + value + "': write a number of at least 0, such as 0.05");
          }
        };
    return new Option(name, "", what, check).withDefault(byDefault);
  }

  /** A number above 0. */
  public static Option positive(String name, double byDefault, String what) {
    return new Option(name, "", what, aboveZero(String.valueOf(byDefault))).withDefault(byDefault);
  }

  /** Numbers above 0, with commas between them; the default is of such. */
  public static Option positives(String name, String byDefault, String what) {
    Check each = aboveZero(byDefault);
    Check check = (its, value) -> Options.split(value).forEach(one -> each.check(its, one));
    return new Option(name, byDefault, what, check);
  }

  private static Check aboveZero(String example) {
    return (its, value) -> {
      double number = Options.number(its, value);
      if (!(number > 0) || Double.isInfinite(number)) {
        throw new IllegalArgumentException(
            "--" + its + " is '" + value + "': write a number above 0, such as " + example);
      }
    };
  }

  /** One of some words; the first is the default. */
  public static Option oneOf(String name, List<String> words, String what) {
    Check check =
        (its, value) -> {
          if (!words.contains(value)) {
            throw new IllegalArgumentException(
                "--" + its + " is '" + value + "': choose one of " + String.join(", ", words));
          }
        };
    return new Option(name, words.get(0), what + ": " + String.join(", ", words), check);
  }

  /** Some of these words, with commas between them. */
  public static Option someOf(String name, String byDefault, List<String> words, String what) {
    Check check =
        (its, value) -> {
          if (!words.containsAll(Options.split(value))) {
            throw new IllegalArgumentException(
                "--" + its + " is '" + value + "': write some of " + String.join(",", words));
          }
        };
    return new Option(name, byDefault, what + ": some of " + String.join(", ", words), check);
  }

  /**
   * One schedule or several with commas between them, or the file of one, where nothing is measured
   * that {@code auto} could choose by. What it generates is looked at when its stages are known.
   */
  public static Option schedules(String byDefault, String what) {
    return new Option("schedule", byDefault, what, new ScheduleCheck(false));
  }

  /** One or several, or {@code auto}, where executors measure what that chooses by. */
  public static Option schedulesOrAuto(String byDefault, String what) {
    return new Option("schedule", byDefault, what, new ScheduleCheck(true));
  }

  /** This option with a default. */
  public Option withDefault(Object other) {
    String text = String.valueOf(other);
    return new Option(name, text.replaceFirst("\\.0$", ""), what, check);
  }

  /** The option as it is written where its default is meant. */
  @Override
  public String toString() {
    return ("--" + name + " " + byDefault).stripTrailing();
  }
}
