package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import org.junit.jupiter.api.Test;

class GridTest {
  private static String around(Schedule schedule, Slot mark) {
    return Grid.around(schedule, new Dependencies(schedule), mark);
  }

  @Test
  void everyActionStandsWhereItsInputIsThere() {
    assertEquals(
        """
                      0    1    2    3    4    5
         rank 0     0F0  0F1       0B0       0B1
         rank 1          1F0  1B0  1F1  1B1
        """,
        Grid.text(Plans.SMALL));
  }

  @Test
  void actionsThatNeverStartStandBehindTheLastStep() {
    assertEquals(
        """
                      0    1      2    3    4
         rank 0     0F0       >0B0<  0F1  0B1
         rank 1          1F0    1F1  1B0  1B1
        """,
        around(Plans.of("0F0 0B0 0F1 0B1", "1F0 1F1 1B0 1B1"), new Slot(0, 1)));
  }

  @Test
  void aRankWithoutAPlanIsMarkedAtItsLabel() {
    String grid = around(Plans.of("0F0 0B0", ""), new Slot(1, Slot.WHOLE_RANK));
    assertTrue(grid.contains(">rank 1<"), grid);
  }

  @Test
  void ofALargeGridOnlyWhatIsNearTheMarkIsShown() {
    Schedule schedule = Schedules.generate("1f1b", 64, 128);
    String grid = around(schedule, new Slot(40, 100));
    assertTrue(grid.contains(">40"), grid);
    assertTrue(grid.contains("rank 32") && grid.contains("rank 48"), grid);
    assertFalse(grid.contains("rank 31") || grid.contains("rank 49"), grid);
    assertTrue(grid.lines().allMatch(line -> line.length() < 120), grid);
  }
}
