package io.penstock.launch.job;

import io.penstock.checkpoint.FileSum;
import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.StateStore;
import io.penstock.checkpoint.TrainingState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.util.ThreadUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writer of a rank's part of the checkpoints, beside the training: it copies the state of the
 * rank's layers between two steps and writes the copy on a thread of its own. The copy's memory is
 * taken once. For the rank's thread.
 */
final class CheckpointWriter implements AutoCloseable {
  /** Longest pause between two questions whether a checkpoint is complete. */
  private static final int MOST_PAUSE_MILLIS = 200;

  /** How long a rank that fails waits for what it is writing. */
  private static final int PATIENCE_SECONDS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

  private final CheckpointTask task;
  private final int rank;
  private final boolean leads;
  private final boolean knowsLosses;
  private final DriverEndpoint.Remote driver;
  private final BooleanSupplier unwanted;
  private final ExecutorService thread;
  private final Map<Integer, LayerState> copy = new TreeMap<>();
  private Future<?> pending;

  /**
   * @param leads whether this rank decides when a checkpoint is due, and so waits until one is
   *     complete
   * @param knowsLosses whether this rank has the network's outputs
   * @param unwanted whether Spark has ended the rank's task
   */
  CheckpointWriter(
      CheckpointTask task,
      int rank,
      boolean leads,
      boolean knowsLosses,
      DriverEndpoint.Remote driver,
      BooleanSupplier unwanted) {
    this.task = task;
    this.rank = rank;
    this.leads = leads;
    this.knowsLosses = knowsLosses;
    this.driver = driver;
    this.unwanted = unwanted;
    this.thread = ThreadUtils.newDaemonSingleThreadExecutor("penstock-checkpoint-" + rank);
  }

  /** Returns whether the newest checkpoint is written and, on the rank that leads, complete. */
  boolean isIdle() {
    return pending == null || pending.isDone();
  }

  /**
   * Copies the layers' state and begins to write it; waits before, where the one before is not
   * written yet.
   *
   * @throws CheckpointException naming the place, if the one before could not be written
   */
  void take(TrainingState state, Map<Integer, LayerState> layers) throws InterruptedException {
    await();
    layers.forEach(
        (layer, live) -> {
          LayerState kept = copy.get(layer);
          if (kept != null && kept.best().isPresent() == live.best().isPresent()) {
            live.copyTo(kept);
          } else {
            if (kept != null) {
              kept.close();
            }
            copy.put(layer, live.copy());
          }
        });
    pending = thread.submit(() -> write(state));
  }

  private Void write(TrainingState state) throws InterruptedException {
    String place = task.places().of(state.step());
    long start = System.nanoTime();
    List<FileSum> files = new ArrayList<>();
    try {
      StateStore store = new StateStore(place, task.hadoop().value().value());
      for (Map.Entry<Integer, LayerState> layer : copy.entrySet()) {
        files.addAll(store.write(layer.getKey(), layer.getValue()));
      }
    } catch (IOException | RuntimeException | FSError | LinkageError cause) {
      throw CheckpointException.of(
          "Could not write the checkpoint after step " + state.step() + " to",
          place,
          cause,
          "Every executor must be able to write there: give a directory of a shared file system"
              + " with room.");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    CheckpointPart part =
        new CheckpointPart(rank, task.places().attempt(), state, knowsLosses, seconds, files);
    boolean complete = driver.tell(part);
    for (int pause = 5; leads && !complete; pause = Math.min(2 * pause, MOST_PAUSE_MILLIS)) {
      Thread.sleep(pause);
      complete = driver.tell(part);
    }
    return null;
  }

  /**
   * Checks, without waiting, that what was taken last has not failed.
   *
   * @throws CheckpointException naming the place, if it could not be written
   */
  void check() {
    if (pending == null || !pending.isDone()) {
      return;
    }
    try {
      await();
    } catch (InterruptedException interrupted) { // it does not wait, but may have been asked to
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until what was taken is written and, on the rank that leads, complete.
   *
   * @throws CheckpointException naming the place, if it could not be written
   */
  void await() throws InterruptedException {
    if (pending == null) {
      return;
    }
    try {
      pending.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  /**
   * Ends the thread and frees the copy. Of a rank that fails by itself, what is being written is
   * waited for, for some seconds: the run goes on from it. One whose task was ended breaks it off.
   * Nothing is written any more once this returns, but by a file system that does not answer.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      if (!isIdle() && !interrupted && !unwanted.getAsBoolean()) {
        pending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException again) {
      interrupted = true;
    } catch (ExecutionException | TimeoutException lost) {
      LOG.debug("The checkpoint of a rank that ends is not complete", lost);
    }
    thread.submit(() -> copy.values().forEach(LayerState::close));
    if (!isIdle()) {
      pending.cancel(true);
    }
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("A checkpoint is still being written when its rank ends");
      }
    } catch (InterruptedException again) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
