package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.compute.Axis;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
  @Test
  void anOddPaddingLiesBehind() {
    Axis axis = Window.of(2).same().over(1, 1, 5).horizontal();
    assertEquals(new Axis(5, 2, 1, 0, 1), axis);
    assertEquals(5, axis.places());
    assertEquals(3, Window.of(4).withStride(2).same().over(1, 1, 5).horizontal().places());
  }

  @Test
  void windowsThatCanSeeNothingAreRefused() {
    assertThrows(ShapeException.class, () -> Window.of(0));
    assertThrows(ShapeException.class, () -> Window.of());
    assertThrows(ShapeException.class, () -> Window.of(1, 2, 3));
    assertThrows(ShapeException.class, () -> Window.of(3).withStride(0));
    assertThrows(ShapeException.class, () -> Window.of(3, 2).withPadding(2));
    assertThrows(ShapeException.class, () -> Padding.of(-1));
    assertThrows(
        ShapeException.class, () -> new Window(List.of(3L), List.of(1L, 1L), Padding.NONE));
  }
}
