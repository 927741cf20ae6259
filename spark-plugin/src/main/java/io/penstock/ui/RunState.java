package io.penstock.ui;

import io.penstock.Internal;
import io.penstock.event.EpochCompleted;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunStarted;
import io.penstock.event.StepCompleted;
import io.penstock.event.StepMeasured;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.util.kvstore.KVIndex;

/**
 * State of a run by its events so far, in the form in which Spark's store keeps it. Immutable; of
 * bounded size. What has not happened is null.
 *
 * @param runId the key in the store
 * @param started the event with the plan
 * @param ready the event with the ranks' places, of the newest attempt
 * @param epochs history of those that are done
 * @param step progress of the epoch after these
 * @param timeline the newest step that was measured
 * @param incidents the newest, oldest first
 * @param ended the event with the outcome
 * @param abandonedAt milliseconds since 1970 at which the application ended before the run did; 0
 *     if it did not
 */
@Internal
public record RunState(
    String runId,
    RunStarted started,
    RanksReady ready,
    EpochHistory epochs,
    StepCompleted step,
    StepMeasured timeline,
    List<RunIncident> incidents,
    RunEnded ended,
    long abandonedAt) {
  static final int MOST_INCIDENTS = 200;

  public RunState {
    incidents = List.copyOf(incidents);
  }

  /** Returns the state of a run that begins. */
  public static RunState of(RunStarted started) {
    EpochHistory none = EpochHistory.NONE;
    return new RunState(started.runId(), started, null, none, null, null, List.of(), null, 0);
  }

  /** Returns the run's id, which is the key in Spark's store. */
  @KVIndex
  @Override
  public String runId() {
    return runId;
  }

  /** Returns this state with the event applied. */
  public RunState after(RunEvent event) {
    if (event instanceof RanksReady all) {
      // Also after an attempt that Spark has given up, of which nothing counts any more.
      return new RunState(
          runId, started, all, EpochHistory.NONE, null, null, incidents, ended, abandonedAt);
    } else if (event instanceof StepCompleted done) {
      return new RunState(
          runId, started, ready, epochs, done, timeline, incidents, ended, abandonedAt);
    } else if (event instanceof EpochCompleted done) {
      return new RunState(
          runId, started, ready, epochs.with(done), null, timeline, incidents, ended, abandonedAt);
    } else if (event instanceof StepMeasured measured) {
      return new RunState(
          runId, started, ready, epochs, step, measured, incidents, ended, abandonedAt);
    } else if (event instanceof RunIncident incident) {
      List<RunIncident> more = new ArrayList<>(incidents);
      more.add(incident);
      List<RunIncident> newest =
          more.subList(Math.max(0, more.size() - MOST_INCIDENTS), more.size());
      return new RunState(
          runId, started, ready, epochs, step, timeline, newest, ended, abandonedAt);
    } else if (event instanceof RunEnded end) {
      return new RunState(
          runId, started, ready, epochs, null, timeline, incidents, end, abandonedAt);
    }
    return this;
  }

  /** Returns this state with its application gone. */
  public RunState abandoned(long time) {
    return ended != null
        ? this
        : new RunState(
            runId, started, ready, epochs, step, timeline, incidents, null, Math.max(1, time));
  }

  /** Returns the phase of the run. */
  public Phase phase() {
    if (ended != null) {
      return switch (ended.outcome()) {
        case SUCCEEDED -> Phase.SUCCEEDED;
        case FAILED -> Phase.FAILED;
        case CANCELLED -> Phase.CANCELLED;
      };
    }
    return abandonedAt > 0 ? Phase.ABANDONED : ready == null ? Phase.STARTING : Phase.RUNNING;
  }

  /** Returns the number of epochs that are done. */
  public int epochsDone() {
    return epochs.newest().map(epoch -> epoch.epoch() + 1).orElse(0);
  }

  /** Returns the share of all epochs that is done, 0 to 1. */
  public double share() {
    double within = step == null ? 0 : (double) step.step() / step.steps();
    return Math.min(1, (epochsDone() + within) / Math.max(1, started.epochs()));
  }

  /** Returns the seconds that the run has gone on, or went on. */
  public double seconds(long now) {
    long end = ended != null ? ended.time() : abandonedAt > 0 ? abandonedAt : now;
    return Math.max(0, end - started.time()) / 1e3;
  }

  /**
   * Returns the seconds that are left if the rest goes on as fast as all before; empty where
   * nothing tells.
   */
  public OptionalDouble secondsLeft(long now) {
    double share = share();
    return phase() != Phase.RUNNING || share == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((now - ready.time()) / 1e3 * (1 - share) / share);
  }

  /**
   * Returns the mean loss of a row in the newest step of the epoch that goes on, if anything
   * counted.
   */
  public OptionalDouble stepLoss() {
    return step == null || Double.isNaN(step.loss())
        ? OptionalDouble.empty()
        : OptionalDouble.of(step.loss());
  }

  /** Returns the newest mean loss of a row: of the last epoch, or else of a step. */
  public OptionalDouble loss() {
    Optional<EpochCompleted> newest = epochs.newest();
    return newest.isPresent() ? OptionalDouble.of(newest.get().loss()) : stepLoss();
  }

  /** Returns the newest rate, in rows trained on per second. */
  public OptionalDouble rowsPerSecond() {
    if (ended != null && ended.rowsPerSecond() != null) {
      return OptionalDouble.of(ended.rowsPerSecond());
    }
    Optional<EpochCompleted> newest = epochs.newest();
    return step != null
        ? OptionalDouble.of(step.rowsPerSecond())
        : newest.stream().mapToDouble(EpochCompleted::rowsPerSecond).findFirst();
  }

  /** Returns the bubble, 0 to 1: over all epochs where the run has told it, else of the newest. */
  public OptionalDouble bubble() {
    return ended != null && ended.bubble() != null
        ? OptionalDouble.of(ended.bubble())
        : epochs.newest().stream().mapToDouble(EpochCompleted::bubble).findFirst();
  }

  /** Returns the name that people know the run by. */
  public String name() {
    return started.name().isEmpty() ? runId : started.name();
  }
}
