package io.penstock.ui.tab;

import io.penstock.conf.Settings;
import io.penstock.event.RunEvent;
import io.penstock.event.RunStarted;
import io.penstock.ui.RunState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.status.ElementTrackingStore;

/**
 * Keeps the runs of an application in Spark's store: at every event in a live application; when the
 * event log has been read in the history server, where nobody looks before. Never asks for Spark's
 * environment, which the history server does not have. For the thread of its queue.
 */
final class RunListener extends SparkListener {
  private final ElementTrackingStore store;
  private final boolean live;
  private final int retained;
  private final Map<String, RunState> runs = new LinkedHashMap<>();

  RunListener(SparkConf conf, ElementTrackingStore store, boolean live) {
    this.store = store;
    this.live = live;
    this.retained = Math.max(1, Settings.RETAINED_RUNS.in(conf));
    if (!live) {
      store.onFlush(
          () -> {
            runs.values().forEach(store::write);
            return scala.runtime.BoxedUnit.UNIT;
          });
    }
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof RunStarted started) {
      put(RunState.of(started));
      forgetOldest();
    } else if (event instanceof RunEvent of && runs.containsKey(of.runId())) {
      put(runs.get(of.runId()).after(of));
    }
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd end) {
    runs.replaceAll((id, run) -> run.abandoned(end.time()));
    if (live) {
      runs.values().forEach(store::write);
    }
  }

  private void put(RunState run) {
    runs.put(run.runId(), run);
    if (live) {
      store.write(run);
    }
  }

  private void forgetOldest() {
    Iterator<RunState> oldest = runs.values().iterator();
    while (runs.size() > retained && oldest.hasNext()) {
      RunState run = oldest.next();
      if (!run.phase().isLive()) {
        oldest.remove();
        if (live) {
          store.delete(RunState.class, run.runId());
        }
      }
    }
  }
}
