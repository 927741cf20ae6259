package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.EpochCompleted;
import io.penstock.train.RankTimes;
import io.penstock.ui.RunState;
import io.penstock.ui.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeBarsTest {
  private static String page(long gradientBytes, long besideBytes) {
    RankTimes times =
        new RankTimes(2, 1.5, 0.25, 0.125, 0, 10, 20, gradientBytes, besideBytes, 0, 30, 40L);
    EpochCompleted epoch =
        new EpochCompleted("run", 4000, 0, 10, 32, 1, null, 2, 16, 0.25, List.of(times));
    return new TimeBars(RunState.of(Samples.started("run")).after(epoch)).element().toString();
  }

  @Test
  void whatCameOfOtherReplicasGradientsBesideTheBackwardIsTold() {
    String page = page(16, 4);
    assertTrue(page.contains("received 20 B, of which gradients 16 B, "), page);
    assertTrue(page.contains("25.0 % of them beside the backward"), page);
  }

  @Test
  void withoutReplicasThereIsNothingToTell() {
    assertFalse(page(0, 0).contains("gradients"));
  }
}
