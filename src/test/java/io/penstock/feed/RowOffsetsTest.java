package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowOffsetsTest {
  @Test
  void rowsOfOneWidthLieAtItsMultiples() {
    RowOffsets places = new RowOffsets(3, 10, 4);
    assertFalse(places.width().varies());
    assertEquals(10, places.rows());
    for (long row = 0; row <= 10; row++) {
      assertEquals(3 * row, places.start(row));
    }
    assertEquals(3, places.width(9));
  }

  @Test
  void rowsOfAnyWidthsLieOneBehindTheOther() {
    Random random = new Random(1);
    for (int count = 0; count < 50; count++) {
      int segmentRows = 1 + random.nextInt(6);
      int[] widths = random.ints(count, 1, 9).toArray();
      RowOffsets places = new RowOffsets(8, segmentRows, ends(widths, segmentRows));
      assertTrue(places.width().varies());
      assertEquals(count, places.rows());
      long start = 0;
      for (int row = 0; row < count; row++) {
        assertEquals(start, places.start(row));
        assertEquals(widths[row], places.width(row));
        start += widths[row];
      }
      assertEquals(start, places.start(count));
    }
  }

  private static List<int[]> ends(int[] widths, int segmentRows) {
    return IntStream.iterate(0, at -> at < widths.length, at -> at + segmentRows)
        .mapToObj(
            at -> {
              int[] ends = new int[Math.min(segmentRows, widths.length - at)];
              for (int i = 0; i < ends.length; i++) {
                ends[i] = widths[at + i] + (i == 0 ? 0 : ends[i - 1]);
              }
              return ends;
            })
        .toList();
  }
}
