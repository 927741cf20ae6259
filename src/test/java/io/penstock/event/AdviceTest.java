package io.penstock.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.Payoff;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AdviceTest {
  private static Payoff payoff(
      double several, OptionalDouble one, OptionalInt batch, OptionalDouble width) {
    return new Payoff(2, 128, 4, several, one, 0.0005, 0.0013, 0.00008, 2, 1.35, batch, width);
  }

  private static String words(OptionalInt batch, OptionalDouble width) {
    return new Advice(payoff(0.0055, OptionalDouble.of(0.0025), batch, width), true).toString();
  }

  @Test
  void whatDoesNotPayIsToldWithTheArithmeticAndWhatToDo() {
    assertEquals(
        "2 executors do not pay: a step takes 5.500 ms on them and 2.500 ms on one, simulated with"
            + " layers and links as measured on the executors. A micro-batch of 32 rows computes"
            + " for 0.500 ms in all, forward and backward; a hand-over from executor to executor"
            + " takes 1.300 ms and keeps either from computing for 0.080 ms, and it is handed over"
            + " 2 times. They would pay from mini-batches of about 1,024 rows on (4 micro-batches),"
            + " or with hidden layers about 2.5 times as wide (at best 1.35 times as quick as one,"
            + " by the cut and the schedule). Set numStages to 1, or to 0 with schedule auto, which"
            + " takes as many as pay.",
        words(OptionalInt.of(1024), OptionalDouble.of(2.5)));
  }

  @Test
  void whatNeverPaysHasNoNumber() {
    String neither = words(OptionalInt.empty(), OptionalDouble.empty());
    assertTrue(
        neither.contains("They would not with larger mini-batches or wider layers either"),
        neither);
    String wider = words(OptionalInt.empty(), OptionalDouble.of(3));
    assertTrue(
        wider.contains("pay with hidden layers about 3.0 times as wide, but not with larger"),
        wider);
    String larger = words(OptionalInt.of(256), OptionalDouble.empty());
    assertTrue(larger.contains("about 256 rows on (4 micro-batches), but not with wider"), larger);
  }

  @Test
  void whatPaysIsToldWithoutAWarning() {
    String words =
        new Advice(
                payoff(0.002, OptionalDouble.of(0.003), OptionalInt.of(96), OptionalDouble.of(1)),
                true)
            .toString();
    assertTrue(words.startsWith("2 executors pay: a step takes 2.000 ms on them and 3.000"), words);
    assertTrue(words.endsWith("They pay from mini-batches of 96 rows on."), words);
    assertFalse(words.contains("numStages"), words);
  }

  @Test
  void whatWasNotMeasuredIsCalledAGuess() {
    Payoff payoff =
        payoff(0.0055, OptionalDouble.of(0.0025), OptionalInt.of(1024), OptionalDouble.of(2.5));
    String words = new Advice(payoff, false).toString();
    assertTrue(words.contains("a guess from the layers' numbers of operations"), words);
    assertFalse(words.contains("measured on the executors"), words);
  }

  @Test
  void whatOneCannotHoldNeedsTheOthers() {
    String words =
        new Advice(
                payoff(0.0055, OptionalDouble.empty(), OptionalInt.of(4), OptionalDouble.of(1)),
                true)
            .toString();
    assertTrue(words.startsWith("2 executors are needed: one cannot hold all layers"), words);
    assertFalse(words.contains("numStages"), words);
  }
}
