package io.penstock.conf;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.spark.network.util.JavaUtils;

/**
 * Type of a setting's values: how text is read, and what to write. Immutable.
 *
 * @param <T> the type of a value that was read
 * @param advice what to write, such as "a time, such as 60s"
 * @param reader reads a text without blanks around it; throws any {@link RuntimeException} for one
 *     that is no value
 */
record SettingType<T>(String advice, Function<String, T> reader) {
  /** Time in milliseconds, in Spark's form of times. */
  static final SettingType<Long> TIME =
      new SettingType<>("a time, such as 60s or 2min", JavaUtils::timeStringAsMs);

  /** Size in bytes, in Spark's form of sizes. */
  static final SettingType<Long> BYTES =
      new SettingType<>("a size, such as 512m or 2g", JavaUtils::byteStringAsBytes);

  static final SettingType<Boolean> FLAG =
      new SettingType<>(
          "true or false", text -> word(List.of("true", "false"), text).equals("true"));

  /** A whole number of at least 0. */
  static final SettingType<Integer> COUNT =
      new SettingType<>(
          "a whole number of at least 0",
          text -> {
            int count = Integer.parseInt(text);
            if (count < 0) {
              throw new IllegalArgumentException();
            }
            return count;
          });

  static final SettingType<String> TEXT =
      new SettingType<>(
          "a text that is not empty",
          text -> {
            if (text.isEmpty()) {
              throw new IllegalArgumentException();
            }
            return text;
          });

  /** Returns the type of one of these words, in either case. */
  static SettingType<String> oneOf(String... words) {
    List<String> known = List.of(words);
    return new SettingType<>("one of " + String.join(", ", known), text -> word(known, text));
  }

  private static String word(List<String> known, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!known.contains(lower)) {
      throw new IllegalArgumentException();
    }
    return lower;
  }
}
