package io.penstock.ui.tab;

import java.util.List;

/**
 * One line of a chart.
 *
 * @param name what it shows
 * @param style the class that colours it
 * @param points ascending in x
 */
record Curve(String name, String style, List<Point> points) {
  Curve {
    points = points.stream().filter(point -> Double.isFinite(point.y())).toList();
  }

  /**
   * A point.
   *
   * @param words what is told of it under the pointer
   */
  record Point(double x, double y, String words) {}
}
