package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TeamTest {
  @Test
  void aTeamIsAPowerOfTwoThatGrowsWithTheWidth() {
    int last = 1;
    for (long width = 1; width < 10_000; width++) {
      int threads = Team.of(width).threads();
      assertEquals(1, Integer.bitCount(threads), "width " + width);
      assertTrue(threads == last || threads == 2 * last, "width " + width);
      last = threads;
    }
    assertEquals(Team.LARGEST, last);
    assertEquals(Team.LARGEST, Team.of(1L << 40).threads());
  }

  @Test
  void aRowOfFewNumbersHasOneThread() {
    assertEquals(1, Team.of(0).threads());
    assertEquals(1, Team.of(8).threads());
    assertEquals(2, Team.of(9).threads());
  }
}
