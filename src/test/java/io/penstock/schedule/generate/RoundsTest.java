package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Action;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static String text(List<Action> actions) {
    return String.join(" ", actions.stream().map(Action::toString).toList());
  }

  @Test
  void aRoundPassesAllStagesOfARank() {
    Rounds rounds = new Rounds(2, 2, 4);
    assertEquals("1F0 1F1 3F0 3F1 1F2 1F3 3F2 3F3", text(rounds.forwards(1)));
    assertEquals("3B0 3B1 1B0 1B1 3B2 3B3 1B2 1B3", text(rounds.backwards(1)));
    assertEquals(2, rounds.longest());
  }

  @Test
  void roundsAreAsEvenAsCanBeTheLongerOnesFirst() {
    assertEquals(
        "0F0 0F1 0F2 0F3 3F0 3F1 3F2 3F3 0F4 0F5 0F6 3F4 3F5 3F6",
        text(new Rounds(3, 2, 7).forwards(0)));
    assertEquals(4, new Rounds(3, 2, 7).longest());
    assertEquals(5, new Rounds(4, 2, 10).longest());
  }

  @Test
  void fewerMicroBatchesThanRanksAreOneRound() {
    assertEquals("1F0 1F1 9F0 9F1", text(new Rounds(8, 2, 2).forwards(1)));
  }

  @Test
  void everyStageOfARankMeetsEveryMicroBatchOnce() {
    for (int p = 1; p <= 5; p++) {
      for (int v = 1; v <= 3; v++) {
        for (int m = 1; m <= 17; m++) {
          Rounds rounds = new Rounds(p, v, m);
          for (List<Action> actions : List.of(rounds.forwards(p - 1), rounds.backwards(p - 1))) {
            assertEquals(v * m, new HashSet<>(actions).size());
            assertEquals(v * m, actions.size());
            for (Action action : actions) {
              assertTrue(action.microBatch() < m, action::toString);
              assertEquals(p - 1, action.stage() % p);
            }
          }
          assertTrue(rounds.longest() < 2 * p || m < p);
          assertTrue(rounds.longest() >= Math.min(p, m));
        }
      }
    }
  }
}
