package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RowsOfIdsTest {
  @Test
  void rowsOfAnIdAscendAndNegativeIdsAreLeftOut() {
    RowsOfIds rows = RowsOfIds.of(new int[] {7, -1, 3, 7, Integer.MAX_VALUE, 3, 7, -5});
    assertEquals(3, rows.count());
    assertArrayEquals(
        new int[] {0, 2, 5, 6, 3, 7, Integer.MAX_VALUE, 2, 5, 0, 3, 6, 4}, rows.numbers());
    assertEquals(4, rows.idsAt());
    assertEquals(7, rows.rowsAt());
  }

  @Test
  void withoutAnIdThereIsNothingToAdd() {
    assertEquals(0, RowsOfIds.of(new int[0]).count());
    assertEquals(0, RowsOfIds.of(new int[] {-1, -2}).count());
  }
}
