package io.penstock.ui.tab;

import io.penstock.ui.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.util.kvstore.KVStore;
import org.apache.spark.util.kvstore.KVStoreIterator;

/** States of the runs in Spark's store. Thread-safe, as the store is. */
record RunStates(KVStore store) {
  /** Returns all runs, newest first. */
  List<RunState> newestFirst() {
    List<RunState> runs = new ArrayList<>();
    try (KVStoreIterator<RunState> all = store.view(RunState.class).closeableIterator()) {
      all.forEachRemaining(runs::add);
    } catch (Exception cause) {
      throw new IllegalStateException("Spark's store does not give its runs", cause);
    }
    runs.sort(Comparator.comparingLong((RunState run) -> run.started().time()).reversed());
    return runs;
  }

  Optional<RunState> find(String runId) {
    try {
      return Optional.of(store.read(RunState.class, runId));
    } catch (NoSuchElementException none) {
      return Optional.empty();
    } catch (Exception cause) {
      throw new IllegalStateException("Spark's store does not give run " + runId, cause);
    }
  }
}
