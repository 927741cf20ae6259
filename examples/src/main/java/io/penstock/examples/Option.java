package io.penstock.examples;

import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
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

  /** A number, which may have a fraction. */
  public static Option number(String name, double byDefault, String what) {
    return new Option(name, "", what, Options::number).withDefault(byDefault);
  }

  /** A number above 0. */
  public static Option positive(String name, double byDefault, String what) {
    Check check =
        (its, value) -> {
          double number = Options.number(its, value);
          if (!(number > 0) || Double.isInfinite(number)) {
            throw new IllegalArgumentException(
                "--" + its + " is '" + value + "': write a number above 0, such as " + byDefault);
          }
        };
    return new Option(name, "", what, check).withDefault(byDefault);
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

  /**
   * One schedule or several with commas between them, or the file of one, where nothing is measured
   * that {@code auto} could choose by. What it generates is looked at when its stages are known.
   */
  public static Option schedules(String byDefault, String what) {
    Check check =
        (its, value) -> {
          if (Arrays.asList(value.split(",")).contains("auto")) {
            throw new IllegalArgumentException(
                "--"
                    + its
                    + " is '"
                    + value
                    + "': auto chooses by what executors measure, and there are none here. Name"
                    + " one of "
                    + String.join(", ", Schedules.ids())
                    + "; what auto chooses and why, a training prints: examples/run fashion-mnist"
                    + " --schedule auto");
          }
        };
    return new Option("schedule", byDefault, what, check);
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
