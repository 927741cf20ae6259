package io.penstock.train;

import io.penstock.checkpoint.FileSum;
import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.StateStore;
import io.penstock.checkpoint.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Takes one checkpoint of a run after a given step, and then ends it as a lost rank would. */
final class OneCheckpoint implements Progress {
  /** The planned end. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final StateStore store;
  private final int after;
  private final int ranks;
  private final List<FileSum> sums = new ArrayList<>();
  private int written;
  private TrainingState state;

  /**
   * @param after the number of steps after which it is taken
   * @param ranks that write
   */
  OneCheckpoint(String directory, int after, int ranks) throws IOException {
    this.store = new StateStore(directory, new Configuration(false));
    this.after = after;
    this.ranks = ranks;
  }

  @Override
  public boolean writesCheckpoints() {
    return true;
  }

  @Override
  public boolean isCheckpointDue(int step, int epoch, boolean epochDone) {
    return step == after;
  }

  @Override
  public synchronized void checkpoint(TrainingState run, Map<Integer, LayerState> layers)
      throws InterruptedException {
    try {
      for (Map.Entry<Integer, LayerState> layer : layers.entrySet()) {
        sums.addAll(store.write(layer.getKey(), layer.getValue()));
      }
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
    state = run.stepLosses().length > 0 ? run : state;
    written++;
    notifyAll();
    while (written < ranks) {
      wait();
    }
    throw new Killed();
  }

  @Override
  public void epochDone(EpochReport report) {}

  /** Where a later run begins. */
  synchronized InitialState saved() {
    return new StoredState(state, store.reader(sums));
  }
}
