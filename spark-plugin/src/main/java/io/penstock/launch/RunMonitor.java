package io.penstock.launch;

import io.penstock.train.EpochReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** What the driver has heard of a run. Thread-safe. */
final class RunMonitor {
  private final String runId;
  private final int ranks;
  private final int epochs;
  private final Consumer<EpochCompleted> listener;
  private final Map<Integer, List<EpochReport>> open = new HashMap<>();
  private final List<EpochCompleted> completed = new ArrayList<>();
  private final List<RankFailure> failures = new ArrayList<>();
  private RuntimeException ownFailure;

  /**
   * @param listener told of every epoch that is done on all ranks, in their order. The rank that
   *     was last waits meanwhile, and fails when it throws
   */
  RunMonitor(String runId, int ranks, int epochs, Consumer<EpochCompleted> listener) {
    this.runId = runId;
    this.ranks = ranks;
    this.epochs = epochs;
    this.listener = listener;
  }

  void heard(Object message) {
    // Outside the lock: what listens may take its time, and a failure must be heard meanwhile.
    taken(message).ifPresent(this::tell);
  }

  private synchronized Optional<EpochCompleted> taken(Object message) {
    if (message instanceof RankFailure failure) {
      failures.add(failure);
    } else if (message instanceof EpochReport report) {
      List<EpochReport> reports = open.computeIfAbsent(report.epoch(), epoch -> new ArrayList<>());
      reports.add(report);
      if (reports.size() == ranks) {
        EpochCompleted done = complete(open.remove(report.epoch()));
        completed.add(done);
        return Optional.of(done);
      }
    } else {
      throw new IllegalArgumentException("Not a message of a run: " + message);
    }
    return Optional.empty();
  }

  private void tell(EpochCompleted done) {
    try {
      listener.accept(done);
    } catch (RuntimeException thrown) {
      synchronized (this) {
        ownFailure = thrown;
      }
      throw thrown;
    }
  }

  /** What the driver itself failed with, of which the ranks' failures are then consequences. */
  synchronized Optional<RuntimeException> ownFailure() {
    return Optional.ofNullable(ownFailure);
  }

  private EpochCompleted complete(List<EpochReport> reports) {
    EpochReport any = reports.get(0);
    double wall = reports.stream().mapToLong(EpochReport::wallNanos).max().orElseThrow();
    double busy = reports.stream().mapToLong(EpochReport::busyNanos).sum();
    double loss = reports.stream().mapToDouble(EpochReport::lossSum).sum();
    double weight = reports.stream().mapToDouble(EpochReport::weight).sum();
    return new EpochCompleted(
        runId,
        any.epoch(),
        epochs,
        any.rows(),
        weight == 0 ? 0 : loss / weight,
        reports.stream()
            .map(EpochReport::validation)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null),
        wall / 1e9,
        any.rows() * 1e9 / wall,
        Math.max(0, 1 - busy / (wall * ranks)),
        reports.stream()
            .sorted(Comparator.comparingInt(EpochReport::rank))
            .map(report -> Math.min(1, report.busyNanos() / wall))
            .toList());
  }

  synchronized List<EpochCompleted> completed() {
    return List.copyOf(completed);
  }

  /** The first failure that is nobody else's consequence, or else the first of all. */
  synchronized Optional<RankFailure> firstFailure() {
    return failures.stream()
        .filter(failure -> !failure.consequence())
        .findFirst()
        .or(() -> failures.stream().findFirst());
  }
}
