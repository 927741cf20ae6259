package io.penstock.balance;

import io.penstock.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Choice of a plan: the best candidate, and those it was chosen from. Immutable.
 *
 * @param best the chosen one
 * @param next the ones that came next, quickest first
 * @param tooLarge the ones that do not fit, each with the cut that needs least of those tried; the
 *     least hungry first
 * @param considered how many plans there were, of which most could not beat {@code next} by a bound
 * @param memoryLimit bytes that a rank can hold
 * @param byRanks where the number of ranks was to be chosen too, the best plan for each of those
 *     that there are, fewest ranks first; else empty
 */
public record Choice(
    Candidate best,
    List<Candidate> next,
    List<Candidate> tooLarge,
    int considered,
    long memoryLimit,
    List<Candidate> byRanks) {
  private static final int SHOWN = 5;

  /** Copies the lists. */
  public Choice {
    next = List.copyOf(next);
    tooLarge = List.copyOf(tooLarge);
    byRanks = List.copyOf(byRanks);
  }

  /** Returns this choice with a better candidate than the best one, which then comes next. */
  Choice with(Candidate better) {
    List<Candidate> behind = new ArrayList<>(next);
    behind.add(0, best);
    List<Candidate> others = new ArrayList<>(byRanks);
    others.replaceAll(one -> one.equals(best) ? better : one);
    return new Choice(
        better,
        behind.subList(0, Math.min(behind.size(), Math.max(1, next.size()))),
        tooLarge,
        considered,
        memoryLimit,
        others);
  }

  /**
   * Returns this choice with another prediction of its best candidate, which the next ones, that
   * have none like it, do not stand beside.
   */
  public Choice predicting(Prediction prediction) {
    return new Choice(
        best.predicting(prediction), List.of(), tooLarge, considered, memoryLimit, byRanks);
  }

  /** Returns this choice as made among the best for several numbers of ranks. */
  Choice among(List<Choice> all) {
    return new Choice(
        best,
        next,
        tooLarge,
        all.stream().mapToInt(Choice::considered).sum(),
        memoryLimit,
        all.stream().map(Choice::best).toList());
  }

  /** Returns the predicted time from step to step in seconds. */
  public double predictedSeconds() {
    return best.seconds();
  }

  /** Returns a table of the choice and its alternatives, as lines of text to print. */
  public String table() {
    StringBuilder text = new StringBuilder();
    text.append("chosen: ").append(best).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "because it has the least simulated step time of %s considered\n",
            new Amount(considered, "plan")));
    text.append(
        String.format(
            Locale.ROOT,
            "  %-21s %13s %13s %8s %10s %12s %7s %14s%n",
            "schedule",
            "micro-batches",
            "stages a rank",
            "warm-up",
            "recomputed",
            "step ms",
            "bubble",
            "MiB a rank"));
    row(text, "*", best);
    next.forEach(candidate -> row(text, " ", candidate));
    if (!byRanks.isEmpty()) {
      text.append("the best plan for each number of executors:\n");
      byRanks.forEach(candidate -> text.append(ofRanks(candidate)));
    }
    if (!tooLarge.isEmpty()) {
      text.append(
          String.format(
              Locale.ROOT,
              "left out, over the %s MiB that a rank can hold: %d\n",
              mebibytes(memoryLimit),
              tooLarge.size()));
      tooLarge.stream().limit(SHOWN).forEach(candidate -> row(text, "-", candidate));
    }
    return text.toString();
  }

  private String ofRanks(Candidate candidate) {
    return String.format(
        Locale.ROOT,
        "%s %s: %.3f ms a step, %s\n",
        candidate.equals(best) ? "*" : " ",
        new Amount(candidate.request().ranks(), "executor"),
        1e3 * candidate.seconds(),
        candidate);
  }

  private static void row(StringBuilder text, String mark, Candidate candidate) {
    var warmUp = candidate.request().warmUp();
    int again = candidate.recomputedLayers();
    text.append(
        String.format(
            Locale.ROOT,
            "%s %-21s %13d %13d %8s %10s %12.3f %6.1f%% %14s%n",
            mark,
            candidate.schedule().name(),
            candidate.request().microBatches(),
            candidate.virtualStages(),
            warmUp.isPresent() ? warmUp.getAsInt() : "-",
            again == 0 ? "-" : again + "/" + candidate.cut().layers(),
            1e3 * candidate.seconds(),
            100 * candidate.bubble(),
            mebibytes(candidate.bytes())));
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1048576.0);
  }
}
