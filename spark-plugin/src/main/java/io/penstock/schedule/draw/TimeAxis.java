package io.penstock.schedule.draw;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.stream.DoubleStream;

/**
 * Time axis with numbers at multiples of 1, 2 or 5 times a power of ten. Immutable.
 *
 * @param step the time between two numbers
 */
record TimeAxis(double step) {

  /** The finest axis whose numbers are at least so much time apart. */
  static TimeAxis atLeast(double apart) {
    if (!(apart > 0)) {
      return new TimeAxis(1);
    }
    double power = Math.pow(10, Math.floor(Math.log10(apart)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= apart) {
        return new TimeAxis(factor * power);
      }
    }
    return new TimeAxis(10 * power);
  }

  /** The times that bear a number, from 0 to a duration. */
  DoubleStream ticks(double duration) {
    return DoubleStream.iterate(0, i -> i * step <= duration, i -> i + 1).map(i -> i * step);
  }

  /** A number as people read it: six digits, none of them idle, no exponent. */
  static String number(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
