package io.penstock.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.RunIncident;
import org.apache.spark.status.KVUtils;
import org.junit.jupiter.api.Test;

class RunStateTest {
  private final RunState started = RunState.of(Samples.started("r"));
  private final RunState ready = started.after(Samples.ready("r", 0));

  @Test
  void aRunStartsRunsAndEnds() {
    assertEquals(Phase.STARTING, started.phase());
    assertEquals(Phase.RUNNING, ready.phase());
    RunState ended = ready.after(Samples.epoch("r", 9)).after(Samples.ended("r"));
    assertEquals(Phase.SUCCEEDED, ended.phase());
    assertEquals(5, ended.seconds(99_000), "not until now");
    assertEquals(20, ended.rowsPerSecond().getAsDouble());
    assertEquals(0.125, ended.bubble().getAsDouble());
  }

  @Test
  void whatIsLeftGoesOnAsBefore() {
    RunState run = ready.after(Samples.epoch("r", 0)).after(Samples.step("r", 1, 1));
    assertEquals(0.15, run.share(), 1e-12);
    assertEquals(1.0 * 0.85 / 0.15, run.secondsLeft(3000).getAsDouble(), 1e-9);
    assertTrue(ready.secondsLeft(3000).isEmpty());
    assertEquals(32, run.rowsPerSecond().getAsDouble(), "of the epoch that goes on");
  }

  @Test
  void anotherAttemptBeginsAnew() {
    RunState run = ready.after(Samples.epoch("r", 0)).after(Samples.ready("r", 1));
    assertEquals(0, run.epochsDone());
    assertEquals(1, run.ready().attempt());
  }

  @Test
  void aRunWithoutItsApplicationIsAbandoned() {
    assertEquals(Phase.ABANDONED, ready.abandoned(7000).phase());
    assertEquals(6, ready.abandoned(7000).seconds(99_000));
    RunState ended = ready.after(Samples.ended("r"));
    assertEquals(ended, ended.abandoned(7000));
  }

  @Test
  void onlyTheNewestIncidentsAreKept() {
    RunState run = ready;
    for (int i = 0; i < RunState.MOST_INCIDENTS + 5; i++) {
      run = run.after(Samples.incident("r", i));
    }
    assertEquals(RunState.MOST_INCIDENTS, run.incidents().size());
    RunIncident newest = run.incidents().get(RunState.MOST_INCIDENTS - 1);
    assertEquals(RunState.MOST_INCIDENTS + 4, newest.epoch());
  }

  @Test
  void sparksStoreOnDiskGivesBackWhatItWasGiven() throws Exception {
    KVUtils.KVStoreScalaSerializer serializer = new KVUtils.KVStoreScalaSerializer();
    RunState run = ready.after(Samples.epoch("r", 0)).after(Samples.incident("r", 1));
    assertEquals(run, serializer.deserialize(serializer.serialize(run), RunState.class));
    RunState ended = run.after(Samples.ended("r"));
    assertEquals(ended, serializer.deserialize(serializer.serialize(ended), RunState.class));
  }
}
