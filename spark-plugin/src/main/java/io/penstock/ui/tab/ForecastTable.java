package io.penstock.ui.tab;

import io.penstock.event.EpochCompleted;
import io.penstock.event.Forecast;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import java.util.List;
import java.util.OptionalDouble;

/** Table of a run's forecast against its measurements. */
record ForecastTable(RunState run) {
  Element element() {
    Forecast forecast = run.started().forecast();
    Double step = forecast.stepSeconds();
    OptionalDouble expected = step == null ? OptionalDouble.empty() : OptionalDouble.of(step);
    OptionalDouble rate =
        step == null ? OptionalDouble.empty() : OptionalDouble.of(run.started().batchSize() / step);
    Table table = new Table(List.of("", "Expected", "Measured"));
    row(table, "Time from step to step", RunsPage.told(expected, Format::duration), step());
    row(
        table,
        "Speed",
        RunsPage.told(rate, Format::rate),
        RunsPage.told(run.rowsPerSecond(), Format::rate));
    row(
        table,
        "Bubble",
        Format.share(forecast.bubble()),
        RunsPage.told(run.bubble(), Format::share));
    String source =
        step == null
            ? "expected by the layers' numbers of operations; schedule auto measures them first"
            : "expected by a simulation of the plan with layers and links as measured before it";
    return Element.of("div", "penstock-card")
        .add(
            Element.of("div", "penstock-head")
                .add(
                    Element.of("h5").text("Expected and measured"),
                    Element.of("span", "penstock-key").text(source)),
            table.element(),
            advice(forecast));
  }

  /** Returns the advice on whether the executors pay; logs from before that was told have none. */
  private static Element advice(Forecast forecast) {
    return forecast.advice() == null
        ? Element.of("div")
        : Element.of("p", "penstock-advice").text(forecast.advice());
  }

  /** Returns the median step time where the run has told it, else the mean of the newest epoch. */
  private String step() {
    if (run.ended() != null && run.ended().stepSeconds() != null) {
      return Format.duration(run.ended().stepSeconds());
    }
    return run.epochs().newest().map(this::meanStep).map(Format::duration).orElse(Format.NONE);
  }

  private double meanStep(EpochCompleted epoch) {
    long steps = (epoch.rows() - 1) / run.started().batchSize() + 1;
    return epoch.seconds() / steps;
  }

  private static void row(Table table, String name, String expected, String measured) {
    table.row(
        Element.of("span").text(name),
        Element.of("span").text(expected),
        Element.of("span").text(measured));
  }
}
