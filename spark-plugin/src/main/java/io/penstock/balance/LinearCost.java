package io.penstock.balance;

/**
 * Linear cost, a time that grows with the rows: {@code fixed + perRow · rows}, neither below 0.
 * Immutable.
 *
 * @param fixed time that does not depend on the rows
 * @param perRow time that each row adds, in the same unit
 */
record LinearCost(double fixed, double perRow) {

  /**
   * Returns the line nearest to measured times, by least squares among those with neither part
   * below 0.
   *
   * @param rows at least two different numbers
   */
  static LinearCost fit(double[] rows, double[] times) {
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    int n = rows.length;
    for (int i = 0; i < n; i++) {
      x += rows[i];
      y += times[i];
      xx += rows[i] * rows[i];
      xy += rows[i] * times[i];
    }
    double perRow = (n * xy - x * y) / (n * xx - x * x);
    double fixed = (y - perRow * x) / n;
    if (perRow < 0) {
      return new LinearCost(y / n, 0);
    }
    return fixed < 0 ? new LinearCost(0, xy / xx) : new LinearCost(fixed, perRow);
  }

  double at(double rows) {
    return fixed + perRow * rows;
  }
}
