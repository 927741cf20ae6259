package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RankMeterTest {
  private final RankMeter meter = new RankMeter(3);

  @Test
  void actionsAddUpByStageAndInAll() {
    meter.computed(0, 5, 10);
    meter.computed(2, 1, 20);
    meter.computed(0, 0, 7);
    assertEquals(17, meter.busyNanos(0));
    assertEquals(5, meter.waitNanos(0));
    assertEquals(0, meter.busyNanos(1));
    assertEquals(20, meter.busyNanos(2));
    assertEquals(37, meter.busyNanos());
    assertEquals(6, meter.waitNanos());
  }

  @Test
  void anUpdateEndsAStepAndIsNoStagesTime() {
    meter.computed(1, 0, 10);
    meter.updated(4);
    assertEquals(1, meter.steps());
    assertEquals(14, meter.busyNanos());
    assertEquals(10, meter.busyNanos(1));
  }

  @Test
  void movingIsNeitherBusyNorWaiting() {
    meter.moved(3);
    meter.moved(4);
    assertEquals(7, meter.moveNanos());
    assertEquals(0, meter.busyNanos() + meter.waitNanos());
  }
}
