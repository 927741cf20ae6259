package io.penstock.examples;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The options of an example: {@code --name value} pairs on the command line, over defaults.
 *
 * @param values every known option's value, in the order in which they were declared
 */
public record Options(Map<String, String> values) {

  /**
   * Reads a command line.
   *
   * @param arguments {@code --name value} or {@code --name=value}; of a repeated name the last wins
   * @param declared every known option with its default, as {@code name=default}; {@code name=} for
   *     one that may be left out
   * @throws IllegalArgumentException for an unknown option (the known ones are named) and for one
   *     without a value
   */
  public static Options parse(String[] arguments, String... declared) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String option : declared) {
      String[] nameAndDefault = option.split("=", 2);
      values.put(nameAndDefault[0], nameAndDefault[1]);
    }
    for (int i = 0; i < arguments.length; i++) {
      String[] nameAndValue = arguments[i].split("=", 2);
      String name = nameAndValue[0].startsWith("--") ? nameAndValue[0].substring(2) : "";
      if (!values.containsKey(name)) {
        throw new IllegalArgumentException(
            "Unknown option '" + arguments[i] + "'. Known, with their defaults: " + list(values));
      }
      if (nameAndValue.length == 2) {
        values.put(name, nameAndValue[1]);
      } else if (i + 1 < arguments.length) {
        values.put(name, arguments[++i]);
      } else {
        throw new IllegalArgumentException(
            "Option --" + name + " has no value: write --" + name + " VALUE");
      }
    }
    return new Options(values);
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
    return atLeast(1, name);
  }

  /**
   * The value of {@code name}, a whole number of at least {@code least}; empty where the option was
   * declared without a default and left out.
   *
   * @throws IllegalArgumentException where it is anything else
   */
  public OptionalInt optional(String name, int least) {
    return text(name).isEmpty() ? OptionalInt.empty() : OptionalInt.of(atLeast(least, name));
  }

  private int atLeast(int least, String name) {
    String value = text(name);
    try {
      int count = Integer.parseInt(value);
      if (count >= least) {
        return count;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, together with numbers that are too small.
    }
    throw new IllegalArgumentException(
        "--" + name + " is '" + value + "': write a whole number of at least " + least);
  }

  /**
   * The value of {@code name} as a number.
   *
   * @throws IllegalArgumentException where it is none
   */
  public double number(String name) {
    String value = text(name);
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(
          "--" + name + " is '" + value + "': write a number, such as 0.05", notANumber);
    }
  }

  private static String list(Map<String, String> values) {
    return values.entrySet().stream()
        .map(option -> "--" + option.getKey() + (" " + option.getValue()).stripTrailing())
        .collect(Collectors.joining(", "));
  }
}
