package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import org.junit.jupiter.api.Test;

class CudnnShapeTest {
  private static CudnnShape of(long pictures, long channels, Axis axis, long outputs) {
    return new CudnnShape(
        CudnnShape.Result.PLACES, new Geometry(pictures, channels, axis, axis), outputs, 0);
  }

  @Test
  void theLibraryCountsToTwoToThe31() {
    Axis axis = new Axis(1 << 10, 1, 1, 0, 0);
    assertTrue(of((1 << 11) - 1, 1, axis, 1).isCountable());
    assertFalse(of(1 << 11, 1, axis, 1).isCountable(), "pictures");
    assertFalse(of((1 << 11) - 1, 1, axis, 2).isCountable(), "places");
    assertFalse(of(1, 1 << 16, new Axis(1, 1, 1, 0, 0), 1 << 15).isCountable(), "filter");
    assertFalse(of(0, 1, axis, 1).isCountable(), "nothing");
    assertFalse(of(1, 1, new Axis(4, 1, 1L << 31, 0, 0), 1).isCountable(), "steps");
  }

  @Test
  void onlyEvenPaddingIsTheLibrarys() {
    assertTrue(of(1, 1, Axis.same(5, 3, 1), 1).isEven());
    assertFalse(of(1, 1, Axis.same(6, 3, 2), 1).isEven());
  }

  @Test
  void someOfThePicturesAreConvolvedAlike() {
    CudnnShape some = of(5, 2, new Axis(4, 3, 1, 1, 1), 7).of(2);
    assertEquals(of(2, 2, new Axis(4, 3, 1, 1, 1), 7), some);
    assertArrayEquals(new long[] {7, 2, 3, 3}, some.filter());
  }
}
