package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import io.penstock.nn.Data;
import io.penstock.nn.Layer;
import io.penstock.nn.LayerOnGpu;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rules of {@link LayerTest} for the same layers on the stand-in of a GPU. */
class LayerOnGpuTest {
  static Stream<Arguments> layers() {
    return LayerTest.layers().filter(one -> ((Layer) one.get()[0]).computesAnywhere());
  }

  /** A user's own function is ND4J's to compute. */
  @Test
  void allLayersButCustomOnesRunThere() {
    List<String> left =
        LayerTest.layers()
            .map(one -> (Layer) one.get()[0])
            .filter(layer -> !layer.computesAnywhere())
            .map(Layer::typeName)
            .distinct()
            .toList();
    assertTrue(left.stream().allMatch("Custom"::equals), left::toString);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void theNumbersAreThoseOfDoublePrecisionRounded(Layer layer, Shape shape) {
    LayerTest.assertDoublePrecisionRounded(LayerOnGpu.of(layer), shape);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void theTwoHalvesMayComeInEitherOrder(Layer layer, Shape shape) {
    LayerTest.assertEitherOrder(LayerOnGpu.of(layer), shape);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void sameBitsWhereverTheArraysLieAndInputsAreNeverChanged(Layer layer, Shape shape) {
    Layer there = LayerOnGpu.of(layer);
    INDArray input = Data.input(layer, DataType.FLOAT, shape.withRows(5));
    INDArray gradient = Data.random(2, DataType.FLOAT, layer.outputShape(shape).withRows(5));
    INDArray inputBefore = input.dup();
    INDArray gradientBefore = gradient.dup();
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
    Parameters before = Parameters.initial(layer.parameters(shape), 5, 0);
    List<INDArray> expected = LayerTest.run(there, input, gradient, parameters);
    char order = expected.get(0).ordering();
    for (char o : new char[] {'c', 'f'}) {
      INDArray x = Data.offsetView(input, o, 3);
      INDArray g = Data.offsetView(gradient, o, 1);
      List<INDArray> actual = LayerTest.run(there, x, g, parameters);
      for (int i = 0; i < expected.size(); i++) {
        assertSameBits(expected.get(i), actual.get(i), layer + " " + o + " " + i);
      }
      assertTrue(NativeArrays.isDense(actual.get(0), order), "the output's memory order is fixed");
    }
    LayerTest.assertRowsOfALargerArrayWork(there, input, gradient, parameters, expected);
    assertSameBits(inputBefore, input, "input");
    assertSameBits(gradientBefore, gradient, "gradient");
    if (parameters.size() > 0) {
      assertSameBits(before.flat(), parameters.flat(), "weights");
    }
  }
}
