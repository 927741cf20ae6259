package io.penstock.ui.tab;

import java.util.ArrayList;
import java.util.List;

/**
 * Ticks of an axis: round numbers, 1, 2 or 5 times a power of ten apart.
 *
 * @param values ascending; the first is at most the least value that is shown, the last at least
 *     the greatest
 */
record Ticks(List<Double> values) {
  /**
   * Returns ticks for what lies between two values.
   *
   * @param most about how many steps there may be
   * @param least the least step
   */
  static Ticks over(double from, double to, int most, double least) {
    double range = to > from ? to - from : Math.max(Math.abs(to) / 10, 1e-9);
    double rough = Math.max(range / most, least);
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (int factor : new int[] {1, 2, 5, 10}) {
      step = factor * power;
      if (step >= rough * (1 - 1e-9)) {
        break;
      }
    }
    List<Double> values = new ArrayList<>();
    long first = (long) Math.floor(from / step + 1e-9);
    long last = Math.max(first + 1, (long) Math.ceil(to / step - 1e-9));
    for (long at = first; at <= last; at++) {
      values.add(at * step);
    }
    return new Ticks(values);
  }

  /** Returns these ticks without those above a value that nothing exceeds. */
  Ticks upTo(double most) {
    List<Double> below = values.stream().filter(value -> value <= most * (1 + 1e-9)).toList();
    return below.size() < 2 ? this : new Ticks(below);
  }

  double first() {
    return values.get(0);
  }

  double last() {
    return values.get(values.size() - 1);
  }
}
