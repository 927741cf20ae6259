package io.penstock.launch.job;

import io.penstock.event.EpochCompleted;
import io.penstock.event.RunEvent;
import io.penstock.event.StepMeasured;
import io.penstock.train.EpochReport;
import io.penstock.train.RankTimes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Ledger of a run's epochs: puts together what all ranks report on one. For one thread at a time.
 */
final class EpochLedger {
  /**
   * Most epochs that are kept, of more the newest: they take a kilobyte each where ranks are many.
   */
  static final int MOST_EPOCHS = 1 << 16;

  private final String runId;
  private final int ranks;
  private final int epochs;
  private final List<EpochCompleted> earlier;
  private final Map<Integer, List<EpochReport>> open = new HashMap<>();
  private final Deque<EpochCompleted> completed = new ArrayDeque<>();

  /**
   * @param epochs that are planned
   * @param earlier that were done before
   */
  EpochLedger(String runId, int ranks, int epochs, List<EpochCompleted> earlier) {
    this.runId = runId;
    this.ranks = ranks;
    this.epochs = epochs;
    this.earlier = earlier;
    restart();
  }

  /** Begins anew with the earlier epochs. */
  void restart() {
    open.clear();
    completed.clear();
    completed.addAll(earlier);
  }

  /** Takes a rank's report, and returns what is to be told once all ranks have reported. */
  List<RunEvent> take(EpochReport report) {
    List<EpochReport> reports = open.computeIfAbsent(report.epoch(), epoch -> new ArrayList<>());
    reports.add(report);
    if (reports.size() < ranks) {
      return List.of();
    }
    open.remove(report.epoch());
    reports.sort(Comparator.comparingInt(EpochReport::rank));
    EpochCompleted done = complete(reports);
    completed.addLast(done);
    if (completed.size() > MOST_EPOCHS) {
      completed.removeFirst();
    }
    return List.of(
        done,
        StepMeasured.of(
            runId,
            done.time(),
            done.epoch(),
            reports.stream().map(EpochReport::lastStep).toList(),
            false));
  }

  private EpochCompleted complete(List<EpochReport> reports) {
    EpochReport any = reports.get(0);
    List<RankTimes> times = reports.stream().map(EpochReport::times).toList();
    double seconds = times.stream().mapToDouble(RankTimes::seconds).max().orElseThrow();
    double busy = times.stream().mapToDouble(RankTimes::busySeconds).sum();
    double loss = reports.stream().mapToDouble(EpochReport::lossSum).sum();
    double weight = reports.stream().mapToDouble(EpochReport::weight).sum();
    return new EpochCompleted(
        runId,
        System.currentTimeMillis(),
        any.epoch(),
        epochs,
        any.rows(),
        weight == 0 ? Double.NaN : loss / weight,
        reports.stream()
            .map(EpochReport::validation)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null),
        seconds,
        any.rows() / seconds,
        Math.max(0, 1 - busy / (seconds * ranks)),
        times);
  }

  /** Returns the newest epochs, oldest first. */
  List<EpochCompleted> completed() {
    return List.copyOf(completed);
  }
}
