package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.ComputeKinds;
import io.penstock.nn.layer.BatchNorm;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class NotFiniteTest {
  private static final double[] BAD = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  private static Parameters layer() {
    Parameters parameters =
        Parameters.initial(new BatchNorm(0.1, 1e-5).parameters(Shape.of(5)), 1, 0);
    assertEquals(Optional.empty(), NotFinite.in(parameters));
    return parameters;
  }

  @Test
  void oneBadNumberIsFoundWhereverItIs() {
    for (int size : new int[] {1, 7, 64, 20_001}) {
      for (int at : new int[] {0, size / 2, size - 1}) {
        for (double bad : BAD) {
          INDArray array = Nd4j.ones(DataType.FLOAT, size);
          array.putScalar(at, bad);
          NotFinite found = NotFinite.in("x", array).orElseThrow();
          assertEquals(new NotFinite("x", 1, size, bad), found);
        }
      }
    }
  }

  @Test
  void anyFiniteNumberIsFine() {
    for (float one : new float[] {0, -0f, Float.MIN_VALUE, 1e20f, Float.MAX_VALUE}) {
      INDArray array = Nd4j.zeros(DataType.FLOAT, 3, 4).assign(one);
      assertTrue(NotFinite.in("x", array).isEmpty(), one + "");
      assertTrue(NotFinite.in("x", array.castTo(DataType.DOUBLE)).isEmpty(), one + "");
    }
    assertTrue(NotFinite.in("x", Nd4j.empty(DataType.FLOAT)).isEmpty());
  }

  @Test
  void partsOfAnArrayAreLookedAtAlone() {
    INDArray whole = Nd4j.ones(DataType.FLOAT, 4, 6);
    whole.putScalar(1, 2, Double.NaN);
    INDArray behind = whole.get(NDArrayIndex.all(), NDArrayIndex.interval(3, 6));
    assertTrue(NotFinite.in("x", behind).isEmpty());
    INDArray below = whole.get(NDArrayIndex.interval(2, 4), NDArrayIndex.all());
    assertTrue(NotFinite.in("x", below).isEmpty());
    INDArray around = whole.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));
    assertTrue(NotFinite.in("x", around).isPresent());
    assertTrue(NotFinite.in("x", whole.dup('f').reshape('f', 6, 4)).isPresent());
  }

  @Test
  void aLayersParametersAreToldByTheirNames() {
    for (ParameterSpec spec : layer().specs()) {
      Parameters parameters = layer();
      parameters.get(spec.name()).putScalar(0, Double.NaN);
      assertFalse(
          parameters.squaresAreFinite(ComputeKinds.of(parameters.flat().dataType()).open().rows()));
      NotFinite found = NotFinite.in(parameters).orElseThrow();
      assertEquals(new NotFinite(spec.name(), 1, spec.size(), Double.NaN), found);
      assertEquals(found, NotFinite.in(parameters.specs(), parameters.values()).orElseThrow());
    }
    List<ParameterSpec> specs = layer().specs();
    assertTrue(NotFinite.in(specs, layer().values()).isEmpty());
    assertEquals(
        "2 of 1,000 numbers of bias are not finite, the first is -Infinity",
        new NotFinite("bias", 2, 1000, Double.NEGATIVE_INFINITY).toString());
  }

  @Test
  void numbersTooLargeToBeSquaredAreStillFinite() {
    Parameters parameters = layer();
    parameters.get("scale").assign(1e30);
    assertFalse(
        parameters.squaresAreFinite(ComputeKinds.of(parameters.flat().dataType()).open().rows()));
    assertTrue(NotFinite.in(parameters).isEmpty());
  }
}
