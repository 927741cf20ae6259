package io.penstock.ui;

import io.penstock.Bytes;
import io.penstock.Internal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Formats figures for people: counts, bytes, shares, durations and moments. Stateless; any thread
 * may call.
 */
@Internal
public final class Format {
  /** Format of a moment, as in Spark's pages. */
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT);

  /** Dash that stands where nothing is known. */
  public static final String NONE = "–";

  private Format() {}

  /** Returns {@link String#format} in a locale that is the same everywhere. */
  public static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Returns a whole number, thousands in groups. */
  public static String count(long number) {
    return of("%,d", number);
  }

  /** Returns bytes with a binary unit, such as {@code 1.5 MiB}. */
  public static String bytes(double bytes) {
    return new Bytes(bytes).toString();
  }

  /** Returns a share of 0 to 1 in percent. */
  public static String share(double share) {
    return of("%.1f %%", 100 * share);
  }

  /** Returns rows per second, with that unit. */
  public static String rate(double rowsPerSecond) {
    return number(rowsPerSecond) + " rows/s";
  }

  /** Returns a number with four digits, or thousands in groups. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    return size >= 1000
        ? of("%,.0f", value)
        : size >= 100 ? of("%.1f", value) : size >= 10 ? of("%.2f", value) : fine(value);
  }

  private static String fine(double value) {
    double size = Math.abs(value);
    return size >= 1 || size == 0
        ? of("%.3f", value)
        : size >= 0.001 ? of("%.4f", value) : of("%.2e", value);
  }

  /** Returns a number as an axis has it, without digits that say nothing. */
  public static String mark(double value) {
    double size = Math.abs(value);
    if (size > 0 && size < 1e-4) {
      return of("%.0e", value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    return size >= 1000 ? count(rounded.longValue()) : rounded.toPlainString();
  }

  /** Returns seconds as a duration, from microseconds to hours. */
  public static String duration(double seconds) {
    if (seconds < 1e-3) {
      return of("%.0f µs", 1e6 * seconds);
    } else if (seconds < 1) {
      return of(seconds < 0.1 ? "%.2f ms" : "%.0f ms", 1e3 * seconds);
    } else if (seconds < 60) {
      return of("%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? of("%d min %d s", whole / 60, whole % 60)
        : of("%d h %d min", whole / 3600, whole % 3600 / 60);
  }

  /** Returns milliseconds since 1970 as date and time in this machine's zone. */
  public static String moment(long millis) {
    return MOMENT.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
  }
}
