package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.ui.RunState;
import io.penstock.ui.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveRunsTest {
  private final LiveRuns runs = new LiveRuns();

  private List<String> running() {
    return runs.running().stream().map(RunState::runId).toList();
  }

  private List<String> ended() {
    return runs.takeEnded().stream().map(RunState::runId).toList();
  }

  @Test
  void aRunIsRunningFromWhenItsRanksAreReadyToItsEnd() {
    runs.onOtherEvent(Samples.started("a"));
    assertEquals(List.of(), running());
    runs.onOtherEvent(Samples.ready("a", 0));
    assertEquals(List.of("a"), running());
    runs.onOtherEvent(Samples.ended("a"));
    assertEquals(List.of(), running());
    assertEquals(List.of("a"), ended());
    assertEquals(List.of(), ended());
  }

  @Test
  void theOldestIsFirst() {
    for (String run : List.of("b", "a", "c")) {
      runs.onOtherEvent(Samples.started(run));
      runs.onOtherEvent(Samples.ready(run, 0));
    }
    runs.onOtherEvent(Samples.step("c", 0, 1));
    assertEquals(List.of("b", "a", "c"), running());
  }

  @Test
  void whatBeganBeforeNobodyKnows() {
    runs.onOtherEvent(Samples.step("a", 0, 1));
    runs.onOtherEvent(Samples.ended("a"));
    assertEquals(List.of(), running());
    assertEquals(List.of(), ended());
  }
}
