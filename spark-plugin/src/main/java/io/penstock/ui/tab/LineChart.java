package io.penstock.ui.tab;

import io.penstock.ui.Format;
import io.penstock.ui.tab.Curve.Point;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Line chart of curves over epochs, as a picture that fits the width it is given.
 *
 * @param title name of the values
 * @param fromZero whether the axis begins at 0 however large the values
 * @param most the most that the axis shows; infinite for no limit
 * @param label writes a value at the axis
 */
record LineChart(
    String title, List<Curve> curves, boolean fromZero, double most, DoubleFunction<String> label) {
  private static final int WIDTH = 360;
  private static final int HEIGHT = 190;
  private static final int LEFT = 46;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 26;
  private static final int X_STEPS = 6;
  private static final int Y_STEPS = 4;

  /** With more points than this, those under the pointer would lie over each other. */
  private static final int MOST_TOLD = 120;

  LineChart {
    curves = curves.stream().filter(curve -> !curve.points().isEmpty()).toList();
  }

  Element element() {
    Element card = Element.of("div", "penstock-card penstock-chart");
    Element head = Element.of("div", "penstock-head").add(Element.of("h5").text(title));
    for (Curve curve : curves) {
      Element swatch = Element.of("i", curve.style());
      head.add(
          Element.of("span", "penstock-key").add(swatch, Element.of("span").text(curve.name())));
    }
    return card.add(head, curves.isEmpty() ? empty() : drawing());
  }

  private static Element empty() {
    return Element.of("p", "text-muted penstock-empty").text("Nothing yet: see after an epoch.");
  }

  private DoubleStream ys() {
    return curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(Point::y);
  }

  private DoubleStream xs() {
    return curves.stream().flatMap(curve -> curve.points().stream()).mapToDouble(Point::x);
  }

  private Element drawing() {
    double least = ys().min().orElse(0);
    double greatest = ys().max().orElse(1);
    Ticks y = Ticks.over(fromZero ? Math.min(0, least) : least, greatest, Y_STEPS, 0).upTo(most);
    double firstX = xs().min().orElse(1);
    double lastX = Math.max(firstX + 1, xs().max().orElse(2));
    Element svg =
        Element.of("svg", "penstock-plot")
            .with("viewBox", "0 0 " + WIDTH + " " + HEIGHT)
            .with("role", "img")
            .with("aria-label", title);
    Plane plane = new Plane(firstX, lastX, y.first(), y.last());
    for (double value : y.values()) {
      svg.add(line("grid", LEFT, plane.y(value), WIDTH - RIGHT, plane.y(value)));
      svg.add(label("end", LEFT - 6, plane.y(value) + 4, label.apply(value)));
    }
    for (double value : Ticks.over(firstX, lastX, X_STEPS, 1).values()) {
      if (value >= firstX && value <= lastX) {
        svg.add(line("grid", plane.x(value), TOP, plane.x(value), HEIGHT - BOTTOM + 4));
        svg.add(label("middle", plane.x(value), HEIGHT - 7, Format.of("%.0f", value)));
      }
    }
    curves.forEach(curve -> draw(curve, plane, svg));
    return svg;
  }

  private static void draw(Curve curve, Plane plane, Element svg) {
    StringBuilder path = new StringBuilder();
    for (Point point : curve.points()) {
      path.append(path.isEmpty() ? "M" : "L");
      path.append(Format.of("%.1f,%.1f", plane.x(point.x()), plane.y(point.y())));
    }
    svg.add(Element.of("path", "curve " + curve.style()).with("d", path));
    Point newest = curve.points().get(curve.points().size() - 1);
    svg.add(circle("dot " + curve.style(), 3.5, newest, plane));
    if (curve.points().size() <= MOST_TOLD) {
      for (Point point : curve.points()) {
        svg.add(
            circle("told " + curve.style(), 7, point, plane)
                .add(Element.of("title").text(curve.name() + ": " + point.words())));
      }
    }
  }

  private static Element circle(String style, double radius, Point at, Plane plane) {
    return Element.of("circle", style)
        .with("cx", Format.of("%.1f", plane.x(at.x())))
        .with("cy", Format.of("%.1f", plane.y(at.y())))
        .with("r", radius);
  }

  private static Element line(String style, double x1, double y1, double x2, double y2) {
    return Element.of("path", style).with("d", Format.of("M%.1f,%.1f L%.1f,%.1f", x1, y1, x2, y2));
  }

  private static Element label(String anchor, double x, double y, String words) {
    return Element.of("text")
        .with("x", Format.of("%.1f", x))
        .with("y", Format.of("%.1f", y))
        .with("text-anchor", anchor)
        .text(words);
  }

  /** Plane of the picture, in which values get their places. */
  private record Plane(double left, double right, double bottom, double top) {
    double x(double value) {
      return LEFT + (value - left) / (right - left) * (WIDTH - LEFT - RIGHT);
    }

    double y(double value) {
      return HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
    }
  }
}
