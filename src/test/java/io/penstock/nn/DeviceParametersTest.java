package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.ArrayBytes;
import io.penstock.array.DeviceBuffer;
import io.penstock.array.NativeArrays;
import io.penstock.compute.FarDevice;
import io.penstock.compute.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** A layer's weights in the memory of a device. */
class DeviceParametersTest {
  private static final List<ParameterSpec> SPECS =
      List.of(
          new ParameterSpec("a.w", List.of(3L, 2L), Initializer.scaled(3, 1)),
          new ParameterSpec("b.w", List.of(4L), Initializer.constant(0.5)),
          ParameterSpec.statistics("mean", List.of(2L), Initializer.constant(7)));

  private final FarDevice device = new FarDevice();

  @Test
  void weightsMoveThereAndBack() {
    float[] drawn = Parameters.initial(SPECS, 5, 1).values();
    Parameters there = Parameters.initial(SPECS, 5, 1).movedTo(device);
    assertSame(there, there.movedTo(device));
    assertArrayEquals(drawn, there.values());
    Parameters copy = there.copiedToHost();
    assertArrayEquals(drawn, copy.values());
    assertEquals(drawn.length * Float.BYTES, device.bytes());
    Parameters back = there.movedTo(null);
    assertArrayEquals(drawn, back.values());
    assertEquals(0, device.bytes());
    assertTrue(there.flat().wasClosed());
  }

  @Test
  void zerosAreZeroThere() {
    Parameters zeros = Parameters.zeros(SPECS, device);
    assertArrayEquals(new float[12], zeros.values());
    zeros.close();
    assertEquals(0, device.bytes());
  }

  @Test
  void partsAndNamedArraysAreViewsOfIt() {
    Parameters whole = Parameters.initial(SPECS, 5, 1).movedTo(device);
    long first = DeviceBuffer.address(whole.flat());
    assertEquals(first, DeviceBuffer.address(whole.get("a.w")));
    assertEquals(first + 6 * Float.BYTES, DeviceBuffer.address(whole.part("b.").get("w")));
    assertEquals(first + 6 * Float.BYTES, DeviceBuffer.address(whole.part("b.").flat()));
    assertEquals(10, whole.trained().length());
    NativeArrays.clear(whole.part("b.").flat());
    assertArrayEquals(new float[4], whole.part("b.").values());
    assertEquals(7, whole.values()[11]);
  }

  @Test
  void squaresAndScalesAreThoseOfTheProcessor() {
    Parameters here = Parameters.initial(SPECS, 5, 1);
    Parameters there = Parameters.initial(SPECS, 5, 1).movedTo(device);
    Rows rows = device.open(DataType.FLOAT).rows();
    Rows own = io.penstock.compute.Memory.FRESH.compute(DataType.FLOAT).rows();
    assertEquals(here.sumOfSquares(own), there.sumOfSquares(rows));
    assertTrue(there.squaresAreFinite(rows) && there.trainedSquaresAreFinite(rows));
    here.scale(0.3, own);
    there.scale(0.3, rows);
    assertArrayEquals(here.values(), there.values());
    there.clear();
    assertArrayEquals(new float[12], there.values());
  }

  /** Piece by piece, or there would be a second copy of a layer that fills the host's memory. */
  @Test
  void manyNumbersAreFetchedInPieces() {
    long count = 2L * ArrayBytes.CHUNK + 3;
    Parameters there =
        Parameters.initial(
                List.of(new ParameterSpec("w", List.of(count), Initializer.scaled(3, 1))), 5, 0)
            .movedTo(device);
    float[] values = there.values();
    assertEquals(count, values.length);
    assertArrayEquals(there.copiedToHost().values(), values);
  }

  @Test
  void aLayerWithoutWeightsLiesNowhere() {
    Parameters none = Parameters.zeros(List.of(), device);
    assertSame(none, none.movedTo(device));
    assertEquals(0, none.copiedToHost().size());
    assertEquals(0, none.values().length);
    none.close();
    assertEquals(0, device.bytes());
  }
}
