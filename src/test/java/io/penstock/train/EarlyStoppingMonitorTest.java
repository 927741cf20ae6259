package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.TrainingState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyStoppingMonitorTest {
  /** A letter for every epoch until the last: + for a better one, - for no better. */
  private static String watched(EarlyStopping rule, double... losses) {
    EarlyStoppingMonitor watch = new EarlyStoppingMonitor(rule, TrainingState.Stopping.START);
    StringBuilder seen = new StringBuilder();
    for (double loss : losses) {
      StopDecision decision = watch.next(loss);
      seen.append(decision.better() ? '+' : '-');
      if (decision.last()) {
        break;
      }
    }
    return seen.toString();
  }

  @Test
  void patienceCountsEpochsInARowWithoutABetterOne() {
    assertEquals("++-+--", watched(new EarlyStopping(2, 0), 9, 8, 8, 7, 7, 7, 6));
  }

  @Test
  void betterIsLowerByMoreThanTolThanTheBest() {
    assertEquals(
        "+--+--", watched(new EarlyStopping(3, 1), 9, 8.5, 8, 7.9, 7, 6.95, 3).substring(0, 6));
    assertEquals("++-", watched(new EarlyStopping(0, 0.5), 9, 8, 7.8, 1), "tol alone: at once");
  }

  @Test
  void withoutPatienceAndTolEveryEpochIsDone() {
    assertEquals("+------", watched(EarlyStopping.NEVER, 1, 2, 3, 4, 5, 6, 7));
  }

  @Test
  void whatIsNoNumberIsNeverBetter() {
    double nan = Double.NaN;
    assertEquals("--", watched(new EarlyStopping(2, 0), nan, nan, 1));
    assertEquals("-+--", watched(new EarlyStopping(2, 0), nan, 1, nan, nan, 0));
    assertEquals("--", watched(new EarlyStopping(2, 0), Double.POSITIVE_INFINITY, nan));
  }

  @Test
  void wrongRulesAreRefused() {
    List<String> told = new ArrayList<>();
    for (double tol : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      told.add(
          assertThrows(IllegalArgumentException.class, () -> new EarlyStopping(1, tol))
              .getMessage());
    }
    told.forEach(message -> assertTrue(message.startsWith("tol is "), message));
    String patience =
        assertThrows(IllegalArgumentException.class, () -> new EarlyStopping(-1, 0)).getMessage();
    assertTrue(patience.startsWith("patience is -1"), patience);
  }
}
