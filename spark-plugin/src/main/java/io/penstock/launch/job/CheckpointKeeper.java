package io.penstock.launch.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.checkpoint.FileSum;
import io.penstock.checkpoint.RunIdentity;
import io.penstock.checkpoint.RunManifest;
import io.penstock.checkpoint.TrainingState;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeper of a run's checkpoints on the driver, over all attempts: completes them, keeps only the
 * newest, and knows from where the run goes on. Thread-safe.
 */
final class CheckpointKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointKeeper.class);

  private final Checkpoints wanted;
  private final String runId;
  private final String run;
  private final Configuration conf;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final RunIdentity identity;

  /** Complete ones, those of the most steps first. */
  private final Deque<SavedCheckpoint> complete = new ArrayDeque<>();

  private final Map<Integer, List<CheckpointPart>> open = new HashMap<>();
  private Attempt attempt;
  private boolean succeeded;
  private volatile boolean asked;

  /**
   * Attempt whose ranks write.
   *
   * @param places of its checkpoints
   * @param plan of it
   * @param monitor of it
   */
  private record Attempt(CheckpointLocation places, TrainingPlan plan, RunMonitor monitor) {}

  /**
   * @param identity of the run, its rows not counted yet
   * @throws IllegalArgumentException if the run is to go on from a checkpoint and that is of
   *     another run
   * @throws CheckpointException if the directory cannot be looked into
   */
  CheckpointKeeper(SparkContext context, Checkpoints wanted, String runId, RunIdentity identity) {
    this.wanted = wanted;
    this.runId = runId;
    this.identity = identity;
    this.run =
        wanted.resumes() ? wanted.directory() : new Path(wanted.directory(), runId).toString();
    this.conf = context.hadoopConfiguration();
    if (wanted.resumes()) {
      find();
    }
    this.hadoop = new JavaSparkContext(context).broadcast(new SerializableConfiguration(conf));
  }

  private void find() {
    try {
      complete.addAll(SavedCheckpoint.in(run, conf));
    } catch (IOException | RuntimeException | FSError cause) {
      throw CheckpointException.of("Could not look for checkpoints in", run, cause, "");
    }
    if (!complete.isEmpty()) {
      SavedCheckpoint newest = complete.getFirst();
      newest
          .manifest()
          .identity()
          .difference(identity)
          .ifPresent(
              difference -> {
                throw RunStart.refused(newest.directory(), difference);
              });
    }
  }

  /** Begins an attempt, and returns what its ranks need to know. */
  synchronized CheckpointTask begin(TrainingPlan plan, RunMonitor monitor) {
    String name = UUID.randomUUID().toString().substring(0, 8);
    attempt = new Attempt(new CheckpointLocation(run, name), plan, monitor);
    open.clear();
    return new CheckpointTask(attempt.places(), wanted.rhythm(), hadoop);
  }

  /** Returns the newest checkpoint, from which the run goes on; empty if there is none. */
  synchronized Optional<SavedCheckpoint> newest() {
    return Optional.ofNullable(complete.peekFirst());
  }

  /** Returns the start of an attempt from the newest checkpoint; empty if there is none. */
  Optional<RunStart> start() {
    return newest().map(saved -> RunStart.of(saved, hadoop));
  }

  /** Sets the newest checkpoint aside, for it cannot be read; the one before is then the newest. */
  synchronized void setNewestAside() {
    SavedCheckpoint bad = complete.pollFirst();
    if (bad != null) {
      LOG.warn("The checkpoint {} cannot be read and is not used", bad.directory());
    }
  }

  /**
   * Takes a rank's part of a checkpoint, and completes it if it was the last part.
   *
   * @return whether the checkpoint is complete
   * @throws CheckpointException naming the place, if it cannot be completed
   */
  synchronized boolean heard(CheckpointPart part) {
    if (attempt == null || !attempt.places().attempt().equals(part.attempt())) {
      throw new IllegalStateException(
          "rank " + part.rank() + " of an attempt that was given up has written a checkpoint.");
    }
    if (!complete.isEmpty() && complete.getFirst().step() >= part.step()) {
      return true;
    }
    List<CheckpointPart> parts = open.computeIfAbsent(part.step(), step -> new ArrayList<>());
    if (parts.stream().noneMatch(one -> one.rank() == part.rank())) {
      parts.add(part);
    }
    if (parts.size() < attempt.plan().ranks()) {
      return false;
    }
    complete(parts);
    return true;
  }

  private void complete(List<CheckpointPart> parts) {
    int step = parts.get(0).step();
    String place = attempt.places().of(step);
    TrainingState state =
        parts.stream().filter(CheckpointPart::knowsLosses).findFirst().orElseThrow().state();
    List<FileSum> files = parts.stream().flatMap(part -> part.files().stream()).toList();
    // Written beside the training, which may have come further by now.
    JsonNode epochs =
        EpochHistory.json(
            attempt.monitor().completed().stream()
                .filter(done -> done.epoch() < state.epoch())
                .toList());
    RunManifest manifest =
        new RunManifest(
            RunManifest.VERSION,
            runId,
            attempt.plan().words(),
            identity.with(attempt.monitor().rows().orElseThrow()),
            state,
            files,
            epochs);
    try {
      wanted.completion().complete(place);
      manifest.write(place, conf);
    } catch (IOException | RuntimeException | FSError | LinkageError cause) {
      CheckpointException failed =
          CheckpointException.of(
              "Could not complete the checkpoint after step " + step + " in", place, cause, "");
      attempt.monitor().decide(RunFailure.of(failed));
      throw failed;
    }
    open.keySet().removeIf(older -> older <= step);
    complete.addFirst(new SavedCheckpoint(place, manifest));
    while (complete.size() > wanted.kept()) {
      delete(new Path(complete.removeLast().directory()));
    }
    asked = false;
    double seconds = parts.stream().mapToDouble(CheckpointPart::seconds).max().orElseThrow();
    attempt.monitor().checkpointDone(state, seconds, place);
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
   * one.
   */
  synchronized String hint() {
    return complete.isEmpty()
        ? ""
        : " The weights after "
            + complete.getFirst().manifest().state().position()
            + " are in "
            + complete.getFirst().directory()
            + ": "
            + (wanted.resumes()
                ? "fit again with the same checkpoint directory to go on from there."
                : "load that model and begin with it by setInitialModel.");
  }

  /** Deletes all but the newest complete ones, and those too where they are not wanted. */
  @Override
  public synchronized void close() {
    Path all = new Path(run);
    if (succeeded && !wanted.keepLast()) {
      complete.clear();
    }
    if (complete.isEmpty() && !wanted.resumes()) {
      delete(all);
    } else {
      deleteIncomplete(all);
    }
    RunBroadcast.free(hadoop);
  }

  private void deleteIncomplete(Path all) {
    List<String> kept = complete.stream().map(one -> new Path(one.directory()).getName()).toList();
    try {
      if (!all.getFileSystem(conf).exists(all)) {
        return;
      }
      for (FileStatus found : all.getFileSystem(conf).listStatus(all)) {
        String name = found.getPath().getName();
        if (name.startsWith(CheckpointLocation.PREFIX) && !kept.contains(name)) {
          delete(found.getPath());
        }
      }
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not look for incomplete checkpoints in {}", all, cause);
    }
  }

  /**
   * Deletes a directory if it can: one that stays is no reason to fail a run, nor to hide why it
   * failed.
   */
  private void delete(Path directory) {
    try {
      directory.getFileSystem(conf).delete(directory, true);
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not delete {}, which nobody needs any more", directory, cause);
    }
  }
}
