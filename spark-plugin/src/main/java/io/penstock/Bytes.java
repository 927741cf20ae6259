package io.penstock;

import java.util.Locale;

/**
 * Size in words, with a binary unit: 512 B, 1.5 MiB, 300 GiB. Immutable.
 *
 * @param number of bytes
 */
@Internal
public record Bytes(double number) {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  /** Most of a unit that is told with a tenth of it. */
  private static final int TENTHS = 100;

  /** How the digits that are not told are left out. */
  private enum Rounding {
    UP,
    NEAREST,
    DOWN;

    double of(double value) {
      return switch (this) {
        case UP -> Math.ceil(value);
        case NEAREST -> Math.rint(value);
        case DOWN -> Math.floor(value);
      };
    }
  }

  /** Returns it rounded up, as what is needed: no more will do. */
  public String up() {
    return words(Rounding.UP);
  }

  /**
   * Returns it rounded down, as what there is, so that it is told below whatever {@link #up} is
   * larger.
   */
  public String down() {
    return words(Rounding.DOWN);
  }

  @Override
  public String toString() {
    return words(Rounding.NEAREST);
  }

  private String words(Rounding rounding) {
    int unit = 0;
    double value = number;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit > 0 && value < TENTHS
        ? String.format(Locale.ROOT, "%.1f %s", rounding.of(10 * value) / 10, UNITS[unit])
        : String.format(Locale.ROOT, "%.0f %s", rounding.of(value), UNITS[unit]);
  }
}
