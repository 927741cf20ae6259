package io.penstock.ui.console;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import java.util.Locale;
import org.apache.spark.SparkConf;

/** Mode of progress in the driver's console. */
@Internal
public enum ConsoleMode {
  /** A line that is drawn anew where standard error is a terminal, else lines in the log. */
  AUTO,
  /** A line that is drawn anew, also where no terminal is found. */
  LINE,
  /** Lines in the log, at level INFO. */
  LOG,
  /** No progress. */
  OFF;

  /**
   * Returns the mode that is set.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static ConsoleMode of(SparkConf conf) {
    return valueOf(Settings.CONSOLE.in(conf).toUpperCase(Locale.ROOT));
  }
}
