package io.penstock.ui.tab;

import io.penstock.Amount;
import io.penstock.event.RunStarted;
import io.penstock.event.StepMeasured;
import io.penstock.schedule.Span;
import io.penstock.schedule.draw.SvgTimeline;
import io.penstock.schedule.draw.Timeline;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import java.util.Collection;
import java.util.Locale;

/** Gantt chart of the newest step whose actions are known. */
record StepDrawing(RunState run) {
  private static final int WIDTH = 1240;

  Element element() {
    Element card = Element.of("div", "penstock-card");
    StepMeasured step = run.timeline();
    if (step == null || step.actions().stream().allMatch(Collection::isEmpty)) {
      return card.add(
          head("A step, action by action"),
          Element.of("p", "text-muted penstock-empty").text("Nothing yet: see after an epoch."));
    }
    Timeline timeline = step.timeline("");
    Element drawing =
        Element.of("div", "penstock-gantt")
            .with("role", "img")
            .with("aria-label", "Gantt chart of a step")
            .drawn(SvgTimeline.svg(timeline, WIDTH));
    return card.add(
        head("Last step of epoch " + (step.epoch() + 1) + ", action by action")
            .add(Element.of("span", "penstock-key").text(words(step, timeline))),
        drawing);
  }

  private static Element head(String words) {
    return Element.of("div", "penstock-head").add(Element.of("h5").text(words));
  }

  private String words(StepMeasured step, Timeline timeline) {
    RunStarted plan = run.started();
    return String.format(
        Locale.ROOT,
        "%s, %s, %s, waiting %s of the time%s",
        plan.schedule(),
        new Amount(plan.microBatches(), "micro-batch"),
        timeline.text(timeline.duration()),
        Format.share(bubble(timeline)),
        step.whole() ? "" : "; its first actions only");
  }

  /**
   * Returns the bubble: the share of all ranks' time between the step's first and last action in
   * which they wait.
   */
  static double bubble(Timeline timeline) {
    double busy =
        timeline.rows().stream()
            .flatMap(Collection::stream)
            .filter(span -> span.action().kind().isWork())
            .mapToDouble(Span::duration)
            .sum();
    double all = timeline.duration() * timeline.rows().size();
    return all == 0 ? 0 : Math.max(0, 1 - busy / all);
  }
}
