package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.ui.Phase;
import io.penstock.ui.RunState;
import io.penstock.ui.Samples;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.util.JsonProtocol;
import org.apache.spark.util.kvstore.InMemoryStore;
import org.junit.jupiter.api.Test;

class RunListenerTest {
  private final InMemoryStore memory = new InMemoryStore();
  private final SparkConf conf = new SparkConf(false).set(Settings.RETAINED_RUNS.key(), "3");
  private final ElementTrackingStore store = new ElementTrackingStore(memory, conf);
  private final RunStates runs = new RunStates(memory);

  private List<String> kept() {
    return runs.newestFirst().stream().map(RunState::runId).sorted().toList();
  }

  @Test
  void aLiveApplicationsRunsAreThereAtOnce() {
    RunListener listener = new RunListener(conf, store, true);
    listener.onOtherEvent(Samples.started("a"));
    assertEquals(Phase.STARTING, runs.find("a").orElseThrow().phase());
    listener.onOtherEvent(Samples.ready("a", 0));
    listener.onOtherEvent(Samples.epoch("a", 0));
    assertEquals(1, runs.find("a").orElseThrow().epochsDone());
    assertTrue(runs.find("b").isEmpty());
  }

  @Test
  void theHistoryServersRunsAreThereWhenTheLogIsRead() throws Exception {
    RunListener listener = new RunListener(conf, store, false);
    listener.onOtherEvent(Samples.started("a"));
    listener.onOtherEvent(Samples.epoch("a", 0));
    assertEquals(List.of(), kept());
    store.close(false);
    assertEquals(1, runs.find("a").orElseThrow().epochsDone());
  }

  @Test
  void theOldestThatAreOverGoFirst() {
    for (boolean live : new boolean[] {true, false}) {
      RunListener listener = new RunListener(conf, store, live);
      for (String run : List.of("a", "b", "c", "d", "e")) {
        listener.onOtherEvent(Samples.started(run));
        if (!run.equals("b")) {
          listener.onOtherEvent(Samples.ended(run));
        }
      }
      if (!live) {
        store.close(false);
      }
      assertEquals(List.of("b", "d", "e"), kept());
    }
  }

  @Test
  void whatIsNotOverWhenTheApplicationEndsIsAbandoned() {
    RunListener listener = new RunListener(conf, store, true);
    listener.onOtherEvent(Samples.started("a"));
    listener.onOtherEvent(Samples.started("b"));
    listener.onOtherEvent(Samples.ended("b"));
    // Its constructor is not the same in every Spark; what the event log says of it is.
    String end = "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":9000}";
    listener.onApplicationEnd((SparkListenerApplicationEnd) JsonProtocol.sparkEventFromJson(end));
    assertEquals(Phase.ABANDONED, runs.find("a").orElseThrow().phase());
    assertEquals(Phase.SUCCEEDED, runs.find("b").orElseThrow().phase());
  }

  @Test
  void eventsOfARunThatIsNotKnownAreLeftAlone() {
    new RunListener(conf, store, true).onOtherEvent(Samples.epoch("a", 0));
    assertEquals(List.of(), kept());
  }
}
