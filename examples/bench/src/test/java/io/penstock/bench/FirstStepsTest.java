package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.event.StepCompleted;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FirstStepsTest {
  private static final int ROWS = 1000;

  private static StepCompleted step(long millis, int epoch, long rows) {
    return new StepCompleted("run", millis, epoch, 2, 1, 10, rows, 0, 0);
  }

  @Test
  void nothingIsToldWhileTheCodeIsCold() {
    FirstSteps steps = new FirstSteps(ROWS);
    assertEquals(0, steps.rows());
    assertEquals(OptionalDouble.empty(), steps.heard(step(50_000, 0, 100)));
    assertEquals(OptionalDouble.empty(), steps.heard(step(52_999, 0, 200)));
    assertEquals(200, steps.rows());
  }

  @Test
  void theNewestStretchTellsTheRateAcrossTheEndOfAnEpoch() {
    FirstSteps steps = new FirstSteps(ROWS);
    steps.heard(step(50_000, 0, 100));
    steps.heard(step(52_000, 0, 200));
    assertEquals(OptionalDouble.of(550), steps.heard(step(54_000, 1, 300)));
  }

  @Test
  void aLongStepTellsAtItsEnd() {
    FirstSteps steps = new FirstSteps(ROWS);
    steps.heard(step(50_000, 0, 100));
    assertEquals(OptionalDouble.of(10), steps.heard(step(60_000, 0, 200)));
  }
}
