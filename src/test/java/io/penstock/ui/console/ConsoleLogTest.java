package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.event.StepCompleted;
import io.penstock.ui.Samples;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleLogTest {
  private final LiveRuns runs = new LiveRuns();
  private final List<String> said = new ArrayList<>();
  private final ConsoleLog console = new ConsoleLog(runs, 5000, said::add);

  @BeforeEach
  void begin() {
    runs.onOtherEvent(Samples.started("r"));
    runs.onOtherEvent(Samples.ready("r", 0)); // at 2000
  }

  private void step(long time, int epoch, int step) {
    runs.onOtherEvent(new StepCompleted("r", time, epoch, 10, step, 100, 16, 0.75, 0.5));
  }

  private void tickUntil(long from, long to) {
    for (long now = from; now <= to; now += 250) {
      console.tick(now);
    }
  }

  @Test
  void aLongEpochIsToldEveryFewSeconds() {
    step(2500, 0, 1);
    tickUntil(2500, 6750);
    assertEquals(List.of(), said);
    tickUntil(7000, 7000);
    assertEquals(1, said.size(), said.toString());
    step(8000, 0, 50);
    tickUntil(8000, 11_750);
    assertEquals(1, said.size(), said.toString());
    tickUntil(12_000, 12_000);
    assertEquals("epoch 1 of 10, step 50 of 100", said.get(1).substring(0, 29));
  }

  @Test
  void whereNothingHasMovedThereIsNothingToSay() {
    step(2500, 0, 1);
    tickUntil(7000, 60_000);
    assertEquals(1, said.size(), said.toString());
  }

  @Test
  void shortEpochsAreToldByTheLogAlready() {
    runs.onOtherEvent(Samples.epoch("r", 0)); // at 4000
    step(4500, 1, 1);
    tickUntil(4500, 8750);
    assertEquals(List.of(), said);
    tickUntil(9000, 9000);
    assertEquals(1, said.size(), said.toString());
  }
}
