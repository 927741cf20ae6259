package io.penstock.ui.console;

import io.penstock.Amount;
import io.penstock.event.StepCompleted;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Progress of a run in a line; what is not known yet is left out. Immutable.
 *
 * @param run the one that goes on
 * @param others how many go on beside it
 * @param now milliseconds since 1970
 */
record ProgressLine(RunState run, int others, long now) {
  private static final int LEAST_BAR = 10;
  private static final int MOST_BAR = 30;
  private static final String GAP = "  ";

  /** Something to say, and how soon it is dropped for want of room: the highest rank first. */
  private record Part(String text, int rank) {}

  /** Returns the line in a number of columns at most, with a bar where there is room for one. */
  String fitted(int columns) {
    List<Part> parts = parts("/", " ");
    while (parts.size() > 1 && length(parts) > columns) {
      parts.remove(parts.stream().max((a, b) -> Integer.compare(a.rank(), b.rank())).orElseThrow());
    }
    String text = joined(parts, GAP);
    int room = Math.min(MOST_BAR, columns - text.length() - GAP.length());
    String whole = room < LEAST_BAR ? text : bar(room) + GAP + text;
    return whole.substring(0, Math.min(Math.max(0, columns), whole.length()));
  }

  /** Returns the line for a log. */
  String plain() {
    String name = others > 0 ? run.name() + ": " : "";
    return name + joined(parts(" of ", " "), ", ");
  }

  /** Returns the line that remains to be read when the run has succeeded. */
  String summary() {
    List<String> words = new ArrayList<>();
    int epochs = run.ended().epochs();
    words.add(new Amount(epochs, "epoch").toString());
    run.loss().ifPresent(loss -> words.add("loss " + Format.number(loss)));
    run.rowsPerSecond().ifPresent(rate -> words.add(Format.rate(rate)));
    run.bubble().ifPresent(bubble -> words.add("bubble " + Format.share(bubble)));
    words.add(clock(run.ended().seconds()));
    return run.name() + ": " + String.join(", ", words);
  }

  private List<Part> parts(String of, String is) {
    List<Part> parts = new ArrayList<>();
    StepCompleted step = run.step();
    int epochs = run.started().epochs();
    int epoch = step != null ? step.epoch() + 1 : Math.min(epochs, run.epochsDone() + 1);
    parts.add(new Part("epoch " + epoch + of + epochs, 0));
    if (step != null) {
      parts.add(new Part("step " + step.step() + of + step.steps(), 4));
    }
    OptionalDouble loss = run.stepLoss().isPresent() ? run.stepLoss() : run.loss();
    loss.ifPresent(value -> parts.add(new Part("loss" + is + Format.number(value), 2)));
    run.rowsPerSecond().ifPresent(rate -> parts.add(new Part(Format.rate(rate), 3)));
    run.bubble().ifPresent(share -> parts.add(new Part("bubble" + is + Format.share(share), 5)));
    run.secondsLeft(now).ifPresent(left -> parts.add(new Part(clock(left) + " left", 1)));
    if (others > 0) {
      parts.add(new Part("+" + others + (others == 1 ? " run" : " runs"), 6));
    }
    return parts;
  }

  private static int length(List<Part> parts) {
    return joined(parts, GAP).length();
  }

  private static String joined(List<Part> parts, String between) {
    return String.join(between, parts.stream().map(Part::text).toList());
  }

  /** Returns a progress bar in Spark's style. */
  private String bar(int columns) {
    int inside = columns - 2;
    int done = (int) Math.min(inside, Math.floor(run.share() * inside));
    String head = done < inside ? ">" : "";
    return "[" + "=".repeat(done) + head + " ".repeat(inside - done - head.length()) + "]";
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? Format.of("%d:%02d", whole / 60, whole % 60)
        : Format.of("%d:%02d:%02d", whole / 3600, whole % 3600 / 60, whole % 60);
  }
}
