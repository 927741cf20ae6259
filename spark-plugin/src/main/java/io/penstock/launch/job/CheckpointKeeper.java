package io.penstock.launch.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.Amount;
import io.penstock.checkpoint.FileSum;
import io.penstock.checkpoint.RunIdentity;
import io.penstock.checkpoint.RunManifest;
import io.penstock.checkpoint.TrainingState;
import io.penstock.checkpoint.UnreadableStateException;
import io.penstock.event.FailureKind;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.ThreadUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeper of a run's checkpoints on the driver, over all attempts: completes them on a thread of its
 * own, so that a slow file system holds nobody up, keeps only the newest, and knows from where the
 * run goes on. Thread-safe.
 */
final class CheckpointKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointKeeper.class);

  /** How long the end of a run waits for a file system that is slow to complete a checkpoint. */
  private static final int PATIENCE_SECONDS = 5;

  private final Checkpoints wanted;
  private final String runId;
  private final String run;
  private final Configuration conf;
  private final CheckpointDirectory directory;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final RunIdentity identity;

  /** Complete ones, those of the most steps first. */
  private final Deque<SavedCheckpoint> complete = new ArrayDeque<>();

  private final Map<Integer, List<CheckpointPart>> open = new HashMap<>();
  private final ExecutorService thread =
      ThreadUtils.newDaemonSingleThreadExecutor("penstock-checkpoints");

  /** Names of the attempts of this run, and of earlier ones that have left something. */
  private final Set<String> attempts = new HashSet<>();

  private Attempt attempt;

  /** Why a checkpoint of this attempt could not be completed; null while none has failed. */
  private Throwable failure;

  private boolean succeeded;
  private volatile boolean asked;

  /** Attempt whose ranks write. */
  private record Attempt(CheckpointLocation places, TrainingPlan plan, RunMonitor monitor) {}

  /**
   * @param identity of the run, its rows not counted yet
   * @param epochs that the run is to have
   * @throws IllegalArgumentException if the driver cannot write to the directory, or if the run is
   *     to go on from a checkpoint and that is of another run or of more epochs
   * @throws CheckpointException if the directory cannot be looked into
   */
  CheckpointKeeper(
      SparkContext context, Checkpoints wanted, String runId, RunIdentity identity, int epochs) {
    this.wanted = wanted;
    this.runId = runId;
    this.identity = identity;
    this.conf = context.hadoopConfiguration();
    String all = CheckpointDirectory.qualified(wanted.directory(), conf);
    this.run = wanted.resumes() ? all : new Path(all, runId).toString();
    this.directory = new CheckpointDirectory(run, conf);
    directory.check();
    this.attempts.addAll(directory.attempts());
    if (wanted.resumes()) {
      complete.addAll(directory.of(identity));
      checkEpochs(epochs);
    }
    this.hadoop = new JavaSparkContext(context).broadcast(new SerializableConfiguration(conf));
  }

  private void checkEpochs(int epochs) {
    if (complete.isEmpty()) {
      return;
    }
    TrainingState state = complete.getFirst().manifest().state();
    if (state.epoch() + (state.stepOfEpoch() > 0 ? 1 : 0) > epochs) {
      throw new IllegalArgumentException(
          "The checkpoint "
              + complete.getFirst().directory()
              + " is behind "
              + new Amount(state.epoch(), "epoch")
              + (state.stepOfEpoch() > 0 ? " and " + new Amount(state.stepOfEpoch(), "step") : "")
              + ", but maxIter is "
              + epochs
              + ": a run cannot go back. Set maxIter to more, or take another checkpointDir.");
    }
  }

  /** Begins an attempt, and returns what its ranks need to know. */
  synchronized CheckpointTask begin(TrainingPlan plan, RunMonitor monitor) {
    String name = UUID.randomUUID().toString().substring(0, CheckpointLocation.ATTEMPT_DIGITS);
    attempts.add(name);
    attempt = new Attempt(new CheckpointLocation(run, name), plan, monitor);
    open.clear();
    failure = null;
    return new CheckpointTask(attempt.places(), wanted.rhythm(), hadoop);
  }

  /**
   * Waits, for some seconds, until checkpoints are complete of which all parts have come: after an
   * attempt, before the next goes on from the newest.
   */
  void settle() {
    try {
      thread.submit(() -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException slow) {
      LOG.warn("{} does not answer: a checkpoint in it is not complete", run);
    }
  }

  /** Returns the newest checkpoint, from which the run goes on; empty if there is none. */
  synchronized Optional<SavedCheckpoint> newest() {
    return Optional.ofNullable(complete.peekFirst());
  }

  /** Returns the start of an attempt from the newest checkpoint; empty if there is none. */
  Optional<RunStart> start() {
    return newest().map(saved -> RunStart.of(saved, hadoop));
  }

  /**
   * Sets the newest checkpoint aside, for it cannot be read; the one before is then the newest.
   * Without one before it stays, to be tried again: what was learnt is not given up unasked.
   *
   * @return whether there is one before
   */
  synchronized boolean setNewestAside() {
    if (complete.size() < 2) {
      return false;
    }
    LOG.warn("The checkpoint {} cannot be read and is not used", complete.pop().directory());
    return true;
  }

  /**
   * Takes a rank's part of a checkpoint; the last part has it completed, which is not waited for.
   *
   * @return whether the checkpoint is complete
   * @throws CheckpointException naming the place, if one could not be completed
   */
  synchronized boolean heard(CheckpointPart part) {
    if (attempt == null || !attempt.places().attempt().equals(part.attempt())) {
      throw new IllegalStateException(
          "rank " + part.rank() + " of an attempt that was given up has written a checkpoint.");
    }
    if (failure != null) {
      throw failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
    }
    if (!complete.isEmpty() && complete.getFirst().step() >= part.step()) {
      return true;
    }
    List<CheckpointPart> parts = open.computeIfAbsent(part.step(), step -> new ArrayList<>());
    if (parts.stream().noneMatch(one -> one.rank() == part.rank())) {
      parts.add(part);
      if (parts.size() == attempt.plan().ranks()) {
        Attempt of = attempt;
        List<CheckpointPart> all = List.copyOf(parts);
        thread.execute(() -> completeOrFail(of, all));
      }
    }
    return false;
  }

  private void completeOrFail(Attempt of, List<CheckpointPart> parts) {
    try {
      complete(of, parts);
    } catch (RuntimeException | Error failed) {
      of.monitor().decide(RunFailure.of(failed));
      synchronized (this) {
        failure = attempt == of ? failed : failure;
      }
    }
  }

  private void complete(Attempt of, List<CheckpointPart> parts) {
    int step = parts.get(0).step();
    String place = of.places().of(step);
    TrainingState state =
        parts.stream().filter(CheckpointPart::knowsLosses).findFirst().orElseThrow().state();
    List<FileSum> files = parts.stream().flatMap(part -> part.files().stream()).toList();
    // Written beside the training, which may have come further by now.
    JsonNode epochs =
        EpochHistory.json(
            of.monitor().completed().stream()
                .filter(done -> done.epoch() < state.epoch())
                .toList());
    RunManifest manifest =
        new RunManifest(
            RunManifest.VERSION,
            runId,
            of.plan().words(),
            of.monitor().arithmeticKinds(),
            identity.with(of.monitor().rows().orElseThrow()),
            state,
            files,
            epochs);
    try {
      directory.checkSeen(place, files);
      wanted.completion().complete(place);
      manifest.write(place, conf);
    } catch (IOException | RuntimeException | FSError | LinkageError cause) {
      throw CheckpointException.of(
          "Could not complete the checkpoint after step " + step + " in", place, cause, "");
    }
    asked = false;
    List<String> old = added(new SavedCheckpoint(place, manifest));
    old.forEach(directory::delete);
    if (!old.contains(place)) {
      double seconds = parts.stream().mapToDouble(CheckpointPart::seconds).max().orElseThrow();
      of.monitor().checkpointDone(state, seconds, place);
    }
  }

  /**
   * Takes note of a checkpoint that is complete, and returns the directories of those to delete.
   */
  private synchronized List<String> added(SavedCheckpoint newest) {
    if (!complete.isEmpty() && complete.getFirst().step() >= newest.step()) {
      return List.of(newest.directory()); // late, of an attempt that was given up
    }
    open.keySet().removeIf(older -> older <= newest.step());
    complete.addFirst(newest);
    List<String> old = new ArrayList<>();
    while (complete.size() > wanted.kept()) {
      old.add(complete.removeLast().directory());
    }
    return old;
  }

  /** Asks for a checkpoint as soon as one can be taken. */
  void ask() {
    asked = true;
  }

  /** Returns whether a checkpoint was asked for and is not complete yet. */
  boolean isAsked() {
    return asked;
  }

  /** Takes note that the run has succeeded. */
  synchronized void succeeded() {
    succeeded = true;
  }

  /**
   * Returns where the newest complete checkpoint is, in words that follow a message; empty without
   * one that can be gone on from.
   *
   * @param failed why the run ended
   */
  synchronized String hint(RunFailure failed) {
    if (complete.isEmpty() || failed.cause() instanceof UnreadableStateException) {
      return "";
    }
    boolean sameAgain = wanted.resumes() && failed.kind() != FailureKind.BAD_NUMBERS;
    return " The weights after "
        + complete.getFirst().manifest().state().position()
        + " are in "
        + complete.getFirst().directory()
        + ": "
        + (sameAgain
            ? "fit again with the same checkpoint directory to go on from there."
            : "load that model and begin with it by setInitialModel"
                + (wanted.resumes() ? ", with another checkpointDir." : "."));
  }

  /**
   * Deletes all but the newest complete ones, and those too where they are not wanted. What may be
   * newer than these, though it cannot be read, stays if the run has not succeeded.
   */
  @Override
  public void close() {
    thread.shutdownNow();
    boolean interrupted = Thread.interrupted(); // a run that ends so is tidied up, too
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{} does not answer: what is incomplete in it stays", run);
        return;
      }
      deleteUnwanted();
    } catch (InterruptedException again) {
      interrupted = true;
    } finally {
      RunBroadcast.free(hadoop);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void deleteUnwanted() {
    if (succeeded && !wanted.keepLast()) {
      complete.clear();
    }
    if (complete.isEmpty() && !wanted.resumes()) {
      directory.delete();
    } else {
      directory.deleteAllBut(List.copyOf(complete), succeeded, attempts);
    }
  }
}
