package io.penstock.ui.console;

import io.penstock.event.RunEvent;
import io.penstock.event.RunStarted;
import io.penstock.ui.Phase;
import io.penstock.ui.RunState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;

/** Listener that knows the runs that go on. Thread-safe. */
final class LiveRuns extends SparkListener {
  private final Map<String, RunState> live = new LinkedHashMap<>();
  private final List<RunState> ended = new ArrayList<>();

  @Override
  public synchronized void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof RunStarted started) {
      live.put(started.runId(), RunState.of(started));
    } else if (event instanceof RunEvent of && live.containsKey(of.runId())) {
      RunState run = live.get(of.runId()).after(of);
      if (run.phase().isLive()) {
        live.put(of.runId(), run);
      } else {
        live.remove(of.runId());
        ended.add(run);
      }
    }
  }

  /** Returns the runs whose ranks are at work, the oldest first. */
  synchronized List<RunState> running() {
    return live.values().stream().filter(run -> run.phase() == Phase.RUNNING).toList();
  }

  /** Returns the runs that have ended since this was asked last. */
  synchronized List<RunState> takeEnded() {
    List<RunState> over = List.copyOf(ended);
    ended.clear();
    return over;
  }
}
