package io.penstock.ui.tab;

import io.penstock.event.EpochCompleted;
import io.penstock.train.Validation;
import io.penstock.ui.EpochHistory;
import io.penstock.ui.Format;
import io.penstock.ui.tab.Curve.Point;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** Charts of a run's epochs: loss, metric, rate and bubble. */
record EpochCharts(EpochHistory epochs) {
  Element element() {
    Element charts = Element.of("div", "penstock-charts").add(loss().element());
    metric().ifPresent(chart -> charts.add(chart.element()));
    return charts.add(rate().element(), bubble().element());
  }

  private LineChart loss() {
    return new LineChart(
        "Loss",
        List.of(
            curve("training", "penstock-a", epochs.kept(), EpochCompleted::loss, Format::number),
            curve(
                "validation",
                "penstock-b",
                validated(),
                epoch -> epoch.validation().loss(),
                Format::number)),
        false,
        Double.POSITIVE_INFINITY,
        Format::mark);
  }

  private Optional<LineChart> metric() {
    return validated().stream()
        .findFirst()
        .map(EpochCompleted::validation)
        .map(Validation::metric)
        .map(
            name ->
                new LineChart(
                    name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
                    List.of(
                        curve(
                            "validation",
                            "penstock-b",
                            validated(),
                            epoch -> epoch.validation().value(),
                            Format::number)),
                    false,
                    name.equals("accuracy") ? 1 : Double.POSITIVE_INFINITY,
                    Format::mark));
  }

  private LineChart rate() {
    return new LineChart(
        "Rows per second",
        List.of(
            curve(
                "training",
                "penstock-a",
                epochs.kept(),
                EpochCompleted::rowsPerSecond,
                Format::number)),
        true,
        Double.POSITIVE_INFINITY,
        Format::mark);
  }

  private LineChart bubble() {
    return new LineChart(
        "Bubble",
        List.of(
            curve("all ranks", "penstock-a", epochs.kept(), EpochCompleted::bubble, Format::share)),
        true,
        1,
        value -> Format.mark(100 * value) + " %");
  }

  private List<EpochCompleted> validated() {
    return epochs.kept().stream().filter(epoch -> epoch.validation() != null).toList();
  }

  private static Curve curve(
      String name,
      String style,
      List<EpochCompleted> epochs,
      ToDoubleFunction<EpochCompleted> value,
      DoubleFunction<String> words) {
    return new Curve(
        name,
        style,
        epochs.stream()
            .map(
                epoch -> {
                  double y = value.applyAsDouble(epoch);
                  String told =
                      String.format(Locale.ROOT, "epoch %d, %s", epoch.epoch() + 1, words.apply(y));
                  return new Point(epoch.epoch() + 1, y, told);
                })
            .toList());
  }
}
