package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.StepCompleted;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import io.penstock.ui.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
  private static final String ALL =
      "epoch 2/10  step 1/2  loss 0.7500  32.00 rows/s  bubble 25.0 %  0:06 left";

  private final RunState ready = RunState.of(Samples.started("r")).after(Samples.ready("r", 0));
  private final RunState run = ready.after(Samples.epoch("r", 0)).after(Samples.step("r", 1, 1));

  private static ProgressLine line(RunState run) {
    return new ProgressLine(run, 0, 3000);
  }

  @Test
  void theBarTakesTheRoomThatTheWordsLeave() {
    assertEquals("[====>                       ]  " + ALL, line(run).fitted(200));
    assertEquals("[==>              ]  " + ALL, line(run).fitted(ALL.length() + 21));
    assertEquals("[=>      ]  " + ALL, line(run).fitted(ALL.length() + 12));
    assertEquals(ALL, line(run).fitted(ALL.length() + 11));
  }

  @ParameterizedTest
  @CsvSource({
    "72, epoch 2/10  step 1/2  loss 0.7500  32.00 rows/s  0:06 left, bubble",
    "57, epoch 2/10  loss 0.7500  32.00 rows/s  0:06 left, step",
    "47, epoch 2/10  loss 0.7500  0:06 left, rate",
    "33, epoch 2/10  0:06 left, loss",
    "20, epoch 2/10, time",
    "5, epoch, all else"
  })
  void whatMattersLeastGoesFirst(int columns, String words, String gone) {
    String fitted = line(run).fitted(columns);
    assertTrue(fitted.endsWith(words), gone + " should have gone: " + fitted);
  }

  @Test
  void itNeverTakesMoreColumnsThanThereAre() {
    ProgressLine line = new ProgressLine(run, 2, 3000);
    for (int columns = 0; columns < 200; columns++) {
      assertTrue(line.fitted(columns).length() <= columns, columns + " columns");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void otherRunsAreCounted(int others) {
    String fitted = new ProgressLine(run, others, 3000).fitted(200);
    String[] ends = {"left", "  +1 run", "  +2 runs"};
    assertTrue(fitted.endsWith(ends[others]), fitted);
  }

  /** A step of padding alone, say. */
  @Test
  void aStepInWhichNothingCountsHasNoLossToTell() {
    StepCompleted none = new StepCompleted("r", 3000, 0, 10, 1, 2, 16, Double.NaN, 0.5);
    RunState first = ready.after(none);
    assertTrue(first.loss().isEmpty());
    assertEquals("epoch 1 of 10, step 1 of 2, 32.00 rows/s, 0:19 left", line(first).plain());
    StepCompleted next = new StepCompleted("r", 3000, 1, 10, 1, 2, 16, Double.NaN, 0.5);
    double told = Samples.epoch("r", 0).loss();
    String later = line(ready.after(Samples.epoch("r", 0)).after(next)).plain();
    assertTrue(later.contains("step 1 of 2, loss " + Format.number(told) + ", "), later);
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertEquals("epoch 1/10", line(ready).fitted(20));
    RunState first = ready.after(Samples.step("r", 0, 1));
    assertEquals(
        "epoch 1 of 10, step 1 of 2, loss 0.7500, 32.00 rows/s, 0:19 left", line(first).plain());
  }

  @Test
  void betweenTwoEpochsTheLastOnesFiguresStand() {
    assertEquals(
        "epoch 2 of 10, loss 1.000, 16.00 rows/s, bubble 25.0 %, 0:09 left",
        line(ready.after(Samples.epoch("r", 0))).plain());
    String end = line(ready.after(Samples.epoch("r", 9))).plain();
    assertTrue(end.startsWith("epoch 10 of 10, "), end);
  }

  @Test
  void inALogRunsThatGoOnTogetherAreToldByName() {
    assertTrue(new ProgressLine(run, 1, 3000).plain().startsWith("r: epoch 2 of 10, "));
  }

  @Test
  void hoursAreShownWhereThereAreAny() {
    String late = new ProgressLine(run, 0, 2000 + 3_600_000).plain();
    assertTrue(late.endsWith(", 5:40:00 left"), late);
  }

  @Test
  void theSummaryIsOfTheWholeRun() {
    RunState ended = ready.after(Samples.epoch("r", 9)).after(Samples.ended("r"));
    assertEquals(
        "r: 10 epochs, loss 0.1000, 20.00 rows/s, bubble 12.5 %, 0:05", line(ended).summary());
  }
}
