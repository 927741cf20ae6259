package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void sizeIsTheProduct() {
    Shape shape = Shape.of(3, 28, 28);
    assertEquals(2352, shape.size());
    assertEquals(3, shape.rank());
    assertArrayEquals(new long[] {5, 3, 28, 28}, shape.withRows(5));
    assertEquals("[3, 28, 28]", shape.toString());
  }

  @Test
  void everyDimensionMustHoldSomething() {
    assertThrows(ShapeException.class, () -> Shape.of(3, 0));
    assertThrows(ShapeException.class, () -> new Shape(List.of()));
  }
}
