package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class InnerPartsTest {
  @Test
  void partsCoverTheInnerDimensionAndNoneIsEmpty() {
    for (long inner : new long[] {0, 1, 31, 511, 512, 513, 1000, 70_001, 5_000_000}) {
      for (long tiles : new long[] {1, 2, 7, 100, 511, 512, 100_000}) {
        InnerParts parts = InnerParts.of(inner, tiles);
        String what = inner + " in " + tiles + ": " + parts;
        assertTrue(parts.count() >= 1, what);
        assertTrue(parts.count() * parts.length() >= inner, what);
        assertTrue(parts.count() == 1 || (parts.count() - 1) * parts.length() < inner, what);
      }
    }
  }

  @Test
  void aResultOfManyTilesIsNotCut() {
    assertEquals(1, InnerParts.of(1 << 20, 512).count());
    assertEquals(1, InnerParts.of(300, 1).count());
    assertTrue(InnerParts.of(1 << 20, 2).count() > 100);
  }
}
