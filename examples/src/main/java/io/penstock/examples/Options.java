package io.penstock.examples;

import io.penstock.schedule.ScheduleFile;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The options of an example: {@code --name value} pairs on the command line, over defaults.
 *
 * @param values every known option's value, in the order in which they were declared
 * @param written the names of those that stand on the command line
 */
public record Options(Map<String, String> values, Set<String> written) {

  /**
   * Reads a command line, all of it: a wrong value is told before anything is started.
   *
   * @param arguments {@code --name value} or {@code --name=value}; of a repeated name the last wins
   * @param declared every option that is known
   * @throws IllegalArgumentException for an unknown option (the known ones are named), for one
   *     without a value and for a value that is not what the option takes
   */
  public static Options parse(String[] arguments, List<Option> declared) {
    Map<String, Option> known =
        declared.stream().collect(Collectors.toMap(Option::name, Function.identity()));
    Map<String, String> values = new LinkedHashMap<>();
    Set<String> written = new LinkedHashSet<>();
    declared.forEach(option -> values.put(option.name(), option.byDefault()));
    for (int i = 0; i < arguments.length; i++) {
      String[] nameAndValue = arguments[i].split("=", 2);
      String name = nameAndValue[0].startsWith("--") ? nameAndValue[0].substring(2) : "";
      if (!known.containsKey(name)) {
        throw new IllegalArgumentException(
            "Unknown option '"
                + arguments[i]
                + "'. Known, with their defaults: "
                + declared.stream().map(Option::toString).collect(Collectors.joining(", ")));
      }
      written.add(name);
      if (nameAndValue.length == 2) {
        values.put(name, nameAndValue[1]);
      } else if (i + 1 < arguments.length) {
        values.put(name, arguments[++i]);
      } else {
        throw new IllegalArgumentException(
            "Option --" + name + " has no value: write --" + name + " VALUE");
      }
    }
    values.forEach(
        (name, value) -> {
          if (!value.equals(known.get(name).byDefault())) {
            known.get(name).check().check(name, value);
          }
        });
    return new Options(values, Set.copyOf(written));
  }

  /** The value of {@code name} as it was written. */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("Option '" + name + "' was not declared: " + values);
    }
    return value;
  }

  /**
   * The value of {@code name}, a whole number of at least one.
   *
   * @throws IllegalArgumentException where it is none
   */
  public int count(String name) {
    return whole(1, name, text(name));
  }

  /**
   * The value of {@code name}, a whole number of at least {@code least}; empty where the option was
   * declared without a default and left out.
   *
   * @throws IllegalArgumentException where it is anything else
   */
  public OptionalInt optional(String name, int least) {
    String value = text(name);
    return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(whole(least, name, value));
  }

  /**
   * The value of {@code name}, whole numbers of at least one with commas between them.
   *
   * @throws IllegalArgumentException where it is anything else
   */
  public int[] counts(String name) {
    return counts(name, text(name));
  }

  static int[] counts(String name, String value) {
    int[] counts = split(value).stream().mapToInt(Options::parsed).toArray();
    if (Arrays.stream(counts).anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException(
          "--" + name + " is '" + value + "': write whole numbers of at least 1, such as 1,2");
    }
    return counts;
  }

  /** The words of {@code name}, which have commas between them. */
  public List<String> words(String name) {
    return split(text(name));
  }

  /**
   * The schedules of an option {@code schedule}, of which files have been read once.
   *
   * @throws IllegalArgumentException where one cannot be read, or is no schedule
   */
  public List<String> schedules() {
    List<String> schedules = words("schedule");
    schedules.stream().filter(ScheduleFile::isName).forEach(ScheduleFile::read);
    return schedules;
  }

  /** The words of a value, which have commas between them, and maybe spaces. */
  public static List<String> split(String value) {
    return Arrays.stream(value.split(",", -1)).map(String::strip).toList();
  }

  /**
   * The value of {@code name} as a number.
   *
   * @throws IllegalArgumentException where it is none
   */
  public double number(String name) {
    return number(name, text(name));
  }

  static int whole(int least, String name, String value) {
    int count = parsed(value);
    if (count < least) {
      throw new IllegalArgumentException(
          "--" + name + " is '" + value + "': write a whole number of at least " + least);
    }
    return count;
  }

  /** The whole number of a text; one below all that are wanted where it is none. */
  private static int parsed(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException notANumber) {
      return Integer.MIN_VALUE;
    }
  }

  static double number(String name, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "--" + name + " is '" + value + "': write a number, such as 0.05", notANumber);
    }
  }
}
