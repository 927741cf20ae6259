package io.penstock.ui.tab;

import io.penstock.event.StepCompleted;
import io.penstock.ui.Format;
import io.penstock.ui.Phase;
import io.penstock.ui.RunState;

/** Progress bar of a run, as Spark has it for tasks. */
record ProgressBar(RunState run) {
  Element element() {
    int all = run.started().epochs();
    double percent = run.phase() == Phase.SUCCEEDED ? 100 : 100 * run.share();
    Element done =
        Element.of("div", "progress-bar progress-completed")
            .with("style", Format.of("width: %.1f%%", percent));
    Element words = Element.of("span").text(run.epochsDone() + "/" + all + step());
    return Element.of("div", "progress penstock-progress").add(words, done);
  }

  private String step() {
    StepCompleted step = run.step();
    return step == null ? "" : ", step " + step.step() + "/" + step.steps();
  }
}
