package io.penstock.ui.tab;

import java.util.List;

/**
 * Curve of a chart.
 *
 * @param name what it shows
 * @param style the CSS class that colours it
 * @param points ascending in x
 */
record Curve(String name, String style, List<Point> points) {
  Curve {
    points = points.stream().filter(point -> Double.isFinite(point.y())).toList();
  }

  /**
   * A point.
   *
   * @param words shown for it under the pointer
   */
  record Point(double x, double y, String words) {}
}
