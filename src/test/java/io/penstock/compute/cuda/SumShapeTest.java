package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SumShapeTest {
  private static final long[] SIZES = {1, 2, 3, 7, 31, 32, 33, 255, 256, 257, 4096, 65_536};

  @Test
  void partsAndColumnsCoverAllNumbersAndNoneIsEmpty() {
    for (long rows : SIZES) {
      for (long width : SIZES) {
        SumShape[] shapes = {SumShape.of(rows, width), SumShape.whole(rows, width)};
        assertEquals(1, shapes[1].parts());
        for (SumShape shape : shapes) {
          String which = rows + " rows of " + width + ": " + shape;
          assertTrue(shape.parts() * shape.rowsOfPart() >= rows, which);
          assertTrue((shape.parts() - 1) * shape.rowsOfPart() < rows, which);
          assertTrue(shape.blocks() * shape.across() >= width, which);
          assertTrue((shape.blocks() - 1) * shape.across() < width, which);
          assertEquals(1, Integer.bitCount(shape.across()), which);
          assertTrue(shape.across() <= SumShape.LINE, which);
        }
      }
    }
  }

  @Test
  void longSumsKeepAGpuBusyAndShortOnesTakeOneLaunch() {
    assertEquals(1, SumShape.of(3, 7).parts());
    assertEquals(1, SumShape.of(1, 100_000_000).parts());
    for (long[] shape : new long[][] {{65_536, 4096}, {100_000_000, 1}, {1_000_000, 3}}) {
      SumShape sum = SumShape.of(shape[0], shape[1]);
      long blocks = sum.parts() * sum.blocks();
      assertTrue(blocks > 400 && blocks <= 2048, blocks + " blocks: " + sum);
    }
  }
}
