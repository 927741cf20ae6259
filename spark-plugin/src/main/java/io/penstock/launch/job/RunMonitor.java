package io.penstock.launch.job;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.checkpoint.TrainingState;
import io.penstock.event.EpochCompleted;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.event.StepCompleted;
import io.penstock.launch.cluster.RankArithmetic;
import io.penstock.train.EpochReport;
import io.penstock.train.SkippedStep;
import io.penstock.train.StepReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Monitor of a run on the driver: collects what the ranks report, and tells of it as events.
 * Thread-safe.
 */
final class RunMonitor {
  private final String runId;
  private final int number;
  private final int ranks;
  private final int epochs;
  private final BiConsumer<RunMonitor, RunEvent> listener;
  private final List<RankReady> ready = new ArrayList<>();
  private final EarlierAttempts earlier;
  private final EpochLedger ledger;
  private final List<RankFailure> failures = new ArrayList<>();

  /** Attempt of the Spark stage. */
  private int attempt;

  private RunFailure verdict;
  private boolean over;
  private volatile boolean left;
  private long skippedSteps;

  /**
   * @param listener told of all that happens, epochs in their order. The rank that was last to do
   *     its part waits meanwhile, and fails when it throws
   */
  RunMonitor(String runId, int ranks, int epochs, Consumer<RunEvent> listener) {
    this(runId, 0, ranks, epochs, EarlierAttempts.NONE, (monitor, event) -> listener.accept(event));
  }

  /**
   * Makes the monitor of one attempt of a run.
   *
   * @param number of the attempt, from 0
   * @param earlier attempts, from which this one goes on
   * @param listener told of all that happens, by this monitor, as above
   */
  RunMonitor(
      String runId,
      int number,
      int ranks,
      int epochs,
      EarlierAttempts earlier,
      BiConsumer<RunMonitor, RunEvent> listener) {
    this.runId = runId;
    this.number = number;
    this.ranks = ranks;
    this.epochs = epochs;
    this.listener = listener;
    this.earlier = earlier;
    this.ledger = new EpochLedger(runId, ranks, epochs, earlier.epochs());
    this.skippedSteps = earlier.skippedSteps();
  }

  void heard(Object message) {
    // Outside the lock: what listens may take its time, and a failure must be heard meanwhile.
    taken(message).forEach(this::tell);
  }

  private synchronized List<RunEvent> taken(Object message) {
    if (message instanceof EpochReport report) {
      return ledger.take(report);
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
    } else if (message instanceof SkippedStep step) {
      skippedSteps++;
      return List.of(
          new RunIncident(
              runId, now, Kind.STEP_SKIPPED, step.rank(), step.epoch(), 0, step.text()));
    } else if (message instanceof RankReady rank) {
      return taken(rank);
    } else if (message instanceof RankFailure failure) {
      return taken(failure, now);
    }
    throw new IllegalArgumentException("Not a message of a run: " + message);
  }

  private List<RunEvent> taken(RankFailure failure, long now) {
    begin(failure.attempt());
    if (failure.attempt() < attempt) {
      return List.of();
    }
    failures.add(failure);
    RankPlace place = failure.place();
    return failure.consequence()
        ? List.of()
        : List.of(
            RunIncident.failure(
                runId, now, failure.kind(), place.rank(), place.host(), failure.text()));
  }

  /** Forgets what was heard of earlier attempts of the Spark stage, which Spark has given up. */
  private void begin(int of) {
    if (of > attempt) {
      attempt = of;
      ready.clear();
      ledger.restart();
      skippedSteps = earlier.skippedSteps();
      failures.clear();
    }
  }

  private List<RunEvent> taken(RankReady rank) {
    begin(rank.attempt());
    if (rank.attempt() < attempt) {
      return List.of();
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
            number + rank.attempt(),
            ready.stream().map(RankReady::place).toList(),
            rank.rows().training(),
            rank.rows().validation(),
            arithmetic()));
    RankArithmetic.difference(
            earlier.arithmetic(), ready.stream().map(RankReady::arithmetic).toList())
        .map(text -> new RunIncident(runId, now, Kind.UNLIKE_ARITHMETIC, -1, -1, 0, text))
        .ifPresent(told::add);
    return told;
  }

  /** Returns the arithmetic of the ranks, in words, by rank; of all once all are ready. */
  synchronized List<String> arithmetic() {
    return ready.stream().map(one -> one.arithmetic().line()).toList();
  }

  /**
   * Returns the kinds of processor and kernels that the run's numbers come from, those of earlier
   * attempts among them, once all ranks are ready.
   */
  synchronized List<String> arithmeticKinds() {
    Stream<String> now = ready.stream().map(one -> one.arithmetic().kind());
    return Stream.concat(earlier.arithmetic().stream(), now).distinct().toList();
  }

  /** Returns the models of executor that the ranks are on, once all are ready. */
  synchronized List<String> models() {
    return ready.stream().map(one -> one.arithmetic().model()).distinct().toList();
  }

  /** Returns the rows of all ranks; empty until they are ready. */
  synchronized Optional<RunIdentity.Rows> rows() {
    return ready.stream().map(RankReady::rows).findFirst();
  }

  /** Tells of a checkpoint that is complete. */
  void checkpointDone(TrainingState state, double seconds, String place) {
    int epoch = state.stepOfEpoch() == 0 ? state.epoch() - 1 : state.epoch();
    tell(
        new RunIncident(
            runId, System.currentTimeMillis(), Kind.CHECKPOINT, -1, epoch, seconds, place));
  }

  private void tell(RunEvent event) {
    try {
      listener.accept(this, event);
    } catch (RuntimeException | Error thrown) {
      decide(RunFailure.of(thrown));
      throw thrown;
    }
  }

  /** Tells that the executor of a rank is being decommissioned, while there is time to act. */
  void leaving(RankPlace place) {
    left = true;
    tell(
        new RunIncident(
            runId,
            System.currentTimeMillis(),
            Kind.DECOMMISSIONING,
            place.rank(),
            -1,
            0,
            FailureWords.leaving(place)));
  }

  /**
   * Takes the driver's own verdict on why the run fails, before it ends the job for it. The first
   * one holds, and whatever ranks say is then its consequence.
   *
   * @return whether this one holds; not once the job has failed
   */
  synchronized boolean decide(RunFailure failure) {
    if (verdict == null && !over) {
      verdict = failure;
    }
    return verdict == failure;
  }

  /** Returns whether the executor of a rank is being decommissioned. */
  boolean isLeft() {
    return left;
  }

  /** Returns the driver's own verdict; empty where it has none. */
  synchronized Optional<RunFailure> verdict() {
    return Optional.ofNullable(verdict);
  }

  /**
   * Tells of the failure that has ended the job, unless it was told when the rank was heard. That a
   * run was cancelled is no incident: its end says so.
   */
  void ended(RunFailure failure) {
    synchronized (this) {
      over = true;
    }
    if (failure.kind() != FailureKind.CANCELLED && !hasFailedByItself(failure.rank())) {
      long now = System.currentTimeMillis();
      listener.accept(
          this,
          RunIncident.failure(
              runId, now, failure.kind(), failure.rank(), failure.host(), failure.words()));
    }
  }

  private synchronized boolean hasFailedByItself(int rank) {
    return failures.stream().anyMatch(heard -> heard.rank() == rank && !heard.consequence());
  }

  /** Returns the newest epochs, oldest first. */
  synchronized List<EpochCompleted> completed() {
    return ledger.completed();
  }

  /** Returns the steps that the ranks skipped for bad numbers. */
  synchronized long skippedSteps() {
    return skippedSteps;
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
        .filter(failure -> failure.lost() != null)
        .min(Comparator.comparing(failure -> failure.lost().loss()));
  }

  /** Returns the places of the ranks whose processes have lost their GPU. */
  synchronized List<RankPlace> lostDevices() {
    return failures.stream()
        .filter(failure -> failure.kind() == FailureKind.DEVICE_LOST)
        .map(RankFailure::place)
        .distinct()
        .toList();
  }

  /** Returns whether a rank has told that it ends, so that its executor lives. */
  synchronized boolean hasFailed(int rank) {
    return failures.stream().anyMatch(failure -> failure.rank() == rank);
  }
}
