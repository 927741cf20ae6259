package io.penstock.ui.tab;

import io.penstock.event.EpochCompleted;
import io.penstock.ui.EpochHistory;
import io.penstock.ui.Format;
import java.util.List;

/** Sparkline of a run's loss over its epochs: a curve as small as a word. */
record Sparkline(EpochHistory epochs) {
  private static final int WIDTH = 72;
  private static final int HEIGHT = 18;

  Element element() {
    List<Double> losses =
        epochs.kept().stream().map(EpochCompleted::loss).filter(Double::isFinite).toList();
    if (losses.size() < 2) {
      return Element.of("span");
    }
    double least = losses.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = losses.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    double range = most > least ? most - least : 1;
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < losses.size(); i++) {
      double x = 1 + (WIDTH - 2.0) * i / (losses.size() - 1);
      double y = 1 + (HEIGHT - 2.0) * (most - losses.get(i)) / range;
      path.append(i == 0 ? "M" : "L").append(Format.of("%.1f,%.1f", x, y));
    }
    return Element.of("svg", "penstock-plot penstock-spark")
        .with("viewBox", "0 0 " + WIDTH + " " + HEIGHT)
        .add(Element.of("path", "curve penstock-a").with("d", path));
  }
}
