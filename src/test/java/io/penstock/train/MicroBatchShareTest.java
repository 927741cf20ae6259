package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MicroBatchShareTest {
  @Test
  void sharesFollowOneAnotherAndDifferByOneAtMost() {
    for (int shares = 1; shares <= 7; shares++) {
      for (int microBatches = 1; microBatches <= 20; microBatches++) {
        int next = 0;
        int before = Integer.MAX_VALUE;
        for (int share = 0; share < shares; share++) {
          MicroBatchShare one = MicroBatchShare.of(microBatches, shares, share);
          assertEquals(next, one.first());
          assertTrue(one.count() <= before && one.count() >= microBatches / shares);
          next = one.end();
          before = one.count();
        }
        assertEquals(microBatches, next);
      }
    }
  }
}
