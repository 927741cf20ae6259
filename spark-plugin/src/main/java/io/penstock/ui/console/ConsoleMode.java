package io.penstock.ui.console;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;

/** How the driver's console tells how far runs are. */
public enum ConsoleMode {
  /** A line that is drawn anew where standard error is a terminal, else lines in the log. */
  AUTO,
  /** A line that is drawn anew, also where no terminal is found. */
  LINE,
  /** Lines in the log, at level INFO. */
  LOG,
  /** Nothing. */
  OFF;

  public static final String SETTING = "spark.penstock.ui.console";

  /**
   * What is set.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static ConsoleMode of(SparkConf conf) {
    String wanted = conf.get(SETTING, AUTO.word());
    return Arrays.stream(values())
        .filter(mode -> mode.word().equals(wanted.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    SETTING
                        + " is '"
                        + wanted
                        + "'; write one of "
                        + Arrays.stream(values())
                            .map(ConsoleMode::word)
                            .collect(Collectors.joining(", "))));
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
