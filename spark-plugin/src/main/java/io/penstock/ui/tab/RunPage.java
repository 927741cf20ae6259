package io.penstock.ui.tab;

import io.penstock.Amount;
import io.penstock.event.EpochCompleted;
import io.penstock.train.Validation;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;

/** Page of one run. */
record RunPage(PipelineTab tab, RunStates runs) {
  static String address(PageRequest call, RunState run) {
    String id = URLEncoder.encode(run.runId(), StandardCharsets.UTF_8);
    return call.address("/Pipeline/run/") + "?id=" + id;
  }

  String render(PageRequest call) {
    RunState run = tab.run(call);
    Page page = new Page(call, tab.isLive() && run.phase().isLive());
    return page.html(
        "Run of " + run.name(),
        facts(run, System.currentTimeMillis()),
        cause(run),
        new StepDrawing(run).element(),
        new EpochCharts(run.epochs()).element(),
        new TimeBars(run).element(),
        new CutTable(run).element(),
        new ForecastTable(run).element(),
        new EventTable(run).element());
  }

  private static Element facts(RunState run, long now) {
    Element tiles = Element.of("div", "penstock-tiles");
    tiles.add(
        tile(
            "Status",
            PhaseBadge.of(run.phase()),
            Format.duration(run.seconds(now)) + left(run, now)));
    tiles.add(
        tile(
            "Epochs",
            new ProgressBar(run).element(),
            run.ready() == null
                ? "rows are being taken in"
                : new Amount(run.ready().rows(), "row")
                    + (run.ready().validationRows() > 0
                        ? ", " + Format.count(run.ready().validationRows()) + " for validation"
                        : "")));
    Optional<Validation> found = run.epochs().newest().map(EpochCompleted::validation);
    tiles.add(
        tile(
            "Loss",
            figure(RunsPage.told(run.loss(), Format::number)),
            found.map(it -> "validation " + Format.number(it.loss())).orElse("of training")));
    found.ifPresent(
        it ->
            tiles.add(
                tile("Validation " + it.metric(), figure(Format.number(it.value())), best(run))));
    tiles.add(
        tile("Speed", figure(RunsPage.told(run.rowsPerSecond(), Format::number)), "rows a second"));
    tiles.add(
        tile(
            "Bubble",
            figure(RunsPage.told(run.bubble(), Format::share)),
            "expected " + Format.share(run.started().forecast().bubble())));
    return tiles;
  }

  private static String left(RunState run, long now) {
    OptionalDouble left = run.secondsLeft(now);
    return left.isPresent() ? ", about " + Format.duration(left.getAsDouble()) + " left" : "";
  }

  private static String best(RunState run) {
    return run.ended() != null && run.ended().bestEpoch() != null
        ? "weights of epoch " + (run.ended().bestEpoch() + 1)
        : "on rows held back";
  }

  private static Element figure(String words) {
    return Element.of("b").text(words);
  }

  private static Element tile(String name, Element figure, String words) {
    return Element.of("div", "penstock-tile")
        .add(
            Element.of("span", "penstock-name").text(name),
            Element.of("div", "penstock-figure").add(figure),
            Element.of("small", "text-muted").text(words));
  }

  /** Returns the cause of a run that did not succeed, shown before all else. */
  private static Element cause(RunState run) {
    boolean told = run.ended() != null && !run.ended().cause().isEmpty();
    return told
        ? Element.of("pre", "alert alert-danger penstock-cause").text(run.ended().cause())
        : Element.of("div");
  }
}
