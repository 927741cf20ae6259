package io.penstock.launch.job;

import io.penstock.event.EpochCompleted;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.event.StepCompleted;
import io.penstock.event.StepMeasured;
import io.penstock.launch.cluster.RankArithmetic;
import io.penstock.train.EpochReport;
import io.penstock.train.RankTimes;
import io.penstock.train.StepReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Monitor of a run on the driver: collects what the ranks report, and tells of it as events.
 * Thread-safe.
 */
final class RunMonitor {
  /**
   * Most epochs that are kept, of more the newest: they take a kilobyte each where ranks are many.
   */
  static final int MOST_EPOCHS = 1 << 16;

  private final String runId;
  private final int ranks;
  private final int epochs;
  private final Consumer<RunEvent> listener;
  private final Map<Integer, List<EpochReport>> open = new HashMap<>();
  private final List<RankReady> ready = new ArrayList<>();
  private final Deque<EpochCompleted> completed = new ArrayDeque<>();
  private final List<RankFailure> failures = new ArrayList<>();
  private Throwable ownFailure;

  /**
   * @param listener told of all that happens, epochs in their order. The rank that was last to do
   *     its part waits meanwhile, and fails when it throws
   */
  RunMonitor(String runId, int ranks, int epochs, Consumer<RunEvent> listener) {
    this.runId = runId;
    this.ranks = ranks;
    this.epochs = epochs;
    this.listener = listener;
  }

  void heard(Object message) {
    // Outside the lock: what listens may take its time, and a failure must be heard meanwhile.
    taken(message).forEach(this::tell);
  }

  private synchronized List<RunEvent> taken(Object message) {
    if (message instanceof EpochReport report) {
      return taken(report);
    }
    long now = System.currentTimeMillis();
    if (message instanceof StepReport step) {
      return List.of(
          new StepCompleted(
              runId,
              now,
              step.epoch(),
              epochs,
              step.step(),
              step.steps(),
              step.rows(),
              step.loss(),
              step.seconds()));
    } else if (message instanceof RankReady rank) {
      return taken(rank);
    } else if (message instanceof RankFailure failure) {
      failures.add(failure);
      return failure.consequence()
          ? List.of()
          : List.of(
              new RunIncident(
                  runId,
                  now,
                  failure.kind() == RankFailure.Kind.CHECKPOINT
                      ? Kind.CHECKPOINT_FAILED
                      : Kind.RANK_FAILED,
                  failure.rank(),
                  -1,
                  0,
                  failure.text()));
    }
    throw new IllegalArgumentException("Not a message of a run: " + message);
  }

  private List<RunEvent> taken(EpochReport report) {
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

  private List<RunEvent> taken(RankReady rank) {
    if (ready.stream().anyMatch(other -> other.attempt() < rank.attempt())) {
      // Spark has given that attempt up.
      ready.clear();
      open.clear();
      completed.clear();
    }
    ready.add(rank);
    if (ready.size() < ranks) {
      return List.of();
    }
    ready.sort(Comparator.comparingInt(one -> one.place().rank()));
    long now = System.currentTimeMillis();
    List<RunEvent> told = new ArrayList<>();
    told.add(
        new RanksReady(
            runId,
            now,
            rank.attempt(),
            ready.stream().map(RankReady::place).toList(),
            rank.rows(),
            rank.validationRows(),
            arithmetic()));
    RankArithmetic.difference(ready.stream().map(RankReady::arithmetic).toList())
        .map(text -> new RunIncident(runId, now, Kind.UNLIKE_ARITHMETIC, -1, -1, 0, text))
        .ifPresent(told::add);
    return told;
  }

  /** Returns the arithmetic of the ranks, in words, by rank; of all once all are ready. */
  synchronized List<String> arithmetic() {
    return ready.stream().map(one -> one.arithmetic().line()).toList();
  }

  private void tell(RunEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException | Error thrown) {
      synchronized (this) {
        ownFailure = thrown;
      }
      throw thrown;
    }
  }

  /** Tells that the executor of a rank is being decommissioned, while there is time to act. */
  void leaving(RankPlace place) {
    tell(
        new RunIncident(
            runId,
            System.currentTimeMillis(),
            Kind.DECOMMISSIONING,
            place.rank(),
            -1,
            0,
            place.process() + " is being decommissioned; when it goes, the run ends"));
  }

  /** Returns the driver's own failure, of which the ranks' failures are then consequences. */
  synchronized Optional<Throwable> ownFailure() {
    return Optional.ofNullable(ownFailure);
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
  synchronized List<EpochCompleted> completed() {
    return List.copyOf(completed);
  }

  /** Returns the first failure of a rank that is no other's consequence. */
  synchronized Optional<RankFailure> firstOwnFailure() {
    return failures.stream().filter(failure -> !failure.consequence()).findFirst();
  }

  /**
   * Returns the first failure of a rank that lost a peer; those that lost their connection come
   * before all others.
   */
  synchronized Optional<RankFailure> firstThatLostAPeer() {
    return failures.stream()
        .filter(failure -> failure.kind() == RankFailure.Kind.PEER)
        .min(Comparator.comparing(failure -> failure.lost().loss()));
  }

  /** Returns whether a rank has told that it ends, so that its executor lives. */
  synchronized boolean hasFailed(int rank) {
    return failures.stream().anyMatch(failure -> failure.rank() == rank);
  }
}
