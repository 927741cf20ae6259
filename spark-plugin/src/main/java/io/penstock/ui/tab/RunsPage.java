package io.penstock.ui.tab;

import io.penstock.event.EpochCompleted;
import io.penstock.event.RunStarted;
import io.penstock.train.Validation;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** Page of an application's runs, newest first. */
record RunsPage(PipelineTab tab, RunStates runs) {
  private static final List<String> HEADS =
      List.of(
          "Run",
          "Status",
          "Started",
          "Duration",
          "Plan",
          "Epochs",
          "Loss",
          "Validation",
          "Speed",
          "Bubble");

  String render(PageRequest call) {
    List<RunState> all = runs.newestFirst();
    boolean goesOn = tab.isLive();
    Page page = new Page(call, goesOn);
    return all.isEmpty()
        ? page.html("Pipeline-parallel runs", none())
        : page.html("Pipeline-parallel runs (" + all.size() + ")", table(call, all));
  }

  private static Element none() {
    return Element.of("p", "text-muted")
        .text(
            "No network has been trained by this application yet. A fit shows here as it starts.");
  }

  private Element table(PageRequest call, List<RunState> all) {
    long now = System.currentTimeMillis();
    Table table = new Table(HEADS);
    for (RunState run : all) {
      RunStarted plan = run.started();
      Optional<Validation> found = run.epochs().newest().map(EpochCompleted::validation);
      table.row(
          Element.of("a").with("href", RunPage.address(call, run)).text(run.name()),
          PhaseBadge.of(run.phase()),
          words(Format.moment(plan.time())),
          words(Format.duration(run.seconds(now))),
          words(plan.words()),
          new ProgressBar(run).element(),
          words(told(run.loss(), Format::number)).add(new Sparkline(run.epochs()).element()),
          words(found.map(it -> it.metric() + " " + Format.number(it.value())).orElse(Format.NONE)),
          words(told(run.rowsPerSecond(), Format::rate)),
          words(told(run.bubble(), Format::share)));
    }
    return table.element();
  }

  static String told(OptionalDouble value, DoubleFunction<String> words) {
    return value.isPresent() ? words.apply(value.getAsDouble()) : Format.NONE;
  }

  private static Element words(String text) {
    return Element.of("span").text(text);
  }
}
