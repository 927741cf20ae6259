package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.nn.Backward;
import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Gradients;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The rules that hold for every layer. */
@Tag("slow")
class LayerTest {
  static Stream<Arguments> layers() {
    List<Arguments> all = new ArrayList<>();
    all.add(Arguments.of(Dense.of(3), Shape.of(4)));
    all.add(Arguments.of(new Dense(3, false, 1), Shape.of(4)));
    all.add(Arguments.of(Dense.of(1), Shape.of(1)));
    all.add(Arguments.of(Dense.of(33), Shape.of(17)));
    all.add(Arguments.of(Dense.of(24), Shape.of(16)));
    all.add(Arguments.of(new Dense(8, false, 1), Shape.of(16)));
    for (Activation activation : Activation.values()) {
      all.add(Arguments.of(new ActivationLayer(activation), Shape.of(5)));
    }
    all.add(Arguments.of(new ActivationLayer(Activation.RELU), Shape.of(2, 3, 2)));
    all.add(Arguments.of(new ActivationLayer(Activation.TANH), Shape.of(2, 3, 2)));
    all.add(Arguments.of(new Flatten(), Shape.of(5)));
    all.add(Arguments.of(new Flatten(), Shape.of(2, 3, 2)));
    all.add(Arguments.of(new Save("a"), Shape.of(2, 3)));
    all.add(Arguments.of(new AddSaved("a"), Shape.of(2, 3)));
    all.add(Arguments.of(new Dropout(0), Shape.of(5)));
    all.add(Arguments.of(new Dropout(0.4), Shape.of(5)));
    all.add(Arguments.of(new Dropout(0.4), Shape.of(2, 3, 2)));
    all.addAll(pictures());
    all.add(
        Arguments.of(
            Custom.of(
                    Shape.of(3),
                    (sd, x) -> sd.nn().tanh(x.mmul(sd.getVariable("w")).add(sd.getVariable("b"))))
                .with("w", Initializer.scaled(4, 1), 4, 3)
                .with("b", Initializer.constant(0.1), 3),
            Shape.of(4)));
    all.add(Arguments.of(Dense.of(4).initialized(WeightInit.XAVIER), Shape.of(4)));
    all.add(Arguments.of(Dense.of(3), Shape.of(3, 4)));
    all.add(Arguments.of(Dense.of(8), Shape.of(3, 16)));
    all.add(Arguments.of(new Embedding(5, 3), Shape.of(4)));
    all.add(Arguments.of(new Embedding(1, 1), Shape.of(1)));
    all.add(Arguments.of(new Positions(6), Shape.of(4, 3)));
    all.add(Arguments.of(LayerNorm.usual(), Shape.of(5)));
    all.add(Arguments.of(new LayerNorm(0.1), Shape.of(3, 7)));
    all.add(Arguments.of(LayerNorm.usual(), Shape.of(2, 16)));
    for (boolean causal : new boolean[] {false, true}) {
      all.add(Arguments.of(new SelfAttention(1, causal), Shape.of(1, 3)));
      all.add(Arguments.of(new SelfAttention(2, causal), Shape.of(3, 6)));
      all.add(Arguments.of(new SelfAttention(2, causal), Shape.of(4, 8)));
    }
    Layer dropDense = new Chain(List.of(new Dropout(0.3), Dense.of(4)));
    all.add(Arguments.of(dropDense, Shape.of(4)));
    all.add(Arguments.of(new Residual(List.of(Dense.of(4))), Shape.of(2, 4)));
    all.add(Arguments.of(new Residual(List.of(new Dropout(0))), Shape.of(3)));
    all.add(Arguments.of(new Residual(List.of(dropDense, new LayerNorm(0.5))), Shape.of(4)));
    all.add(Arguments.of(new TransformerBlock(2, 5, true, 0.2), Shape.of(3, 6)));
    all.add(Arguments.of(new TransformerBlock(2, 16, false, 0), Shape.of(2, 8)));
    for (Layer recurrent : new Layer[] {new Lstm(3), new Gru(3)}) {
      all.add(Arguments.of(recurrent, Shape.of(1, 2)));
      all.add(Arguments.of(recurrent, Shape.of(4, 2)));
      all.add(Arguments.of(recurrent, Shape.of(2, 17)));
    }
    all.add(Arguments.of(new Lstm(8), Shape.of(3, 8)));
    all.add(Arguments.of(new Gru(8), Shape.of(3, 8)));
    all.add(Arguments.of(new LastStep(), Shape.of(3, 2)));
    all.add(Arguments.of(new OutputBlock(3, 0, 3, true, 1, null), Shape.of(4)));
    all.add(Arguments.of(new OutputBlock(3, 0, 7, true, 1, null), Shape.of(4)));
    all.add(Arguments.of(new OutputBlock(16, 3, 30, false, 1, null), Shape.of(3 + 16)));
    all.add(Arguments.of(new OutputBlock(2, 5, 7, true, 1, null), Shape.of(5 + 4)));
    all.add(Arguments.of(new OutputBlock(2, 3, 7, true, 1, null), Shape.of(2, 3 + 4)));
    all.add(Arguments.of(new OutputBlock(2, 5, 7, true, 1, null), Shape.of(3, 5 + 1)));
    all.addAll(lossBlocks());
    return all.stream();
  }

  private static List<Arguments> lossBlocks() {
    int state = SoftmaxBlock.STATE;
    return List.of(
        Arguments.of(new LossBlock(new OutputBlock(3, 0, 3, true, 1, null)), Shape.of(4)),
        Arguments.of(new LossBlock(new OutputBlock(65, 0, 70, false, 1, null)), Shape.of(17)),
        Arguments.of(new LossBlock(new OutputBlock(3, 1, 7, true, 1, null)), Shape.of(4 + state)),
        Arguments.of(
            new LossBlock(new OutputBlock(64, 2, 90, true, 1, null)), Shape.of(3, 16 + state)),
        Arguments.of(
            new LossBlock(new OutputBlock(2, 5, 7, true, 1, null)), Shape.of(3, 1 + state)));
  }

  /** All but those whose gradient is the loss's alone: {@link LossBlockTest} has that. */
  static Stream<Arguments> withGradientsOfTheirOutput() {
    return layers().filter(one -> !((Layer) one.get()[0]).readsLabels());
  }

  private static List<Arguments> pictures() {
    List<Arguments> all = new ArrayList<>();
    Window odd = Window.of(3, 2).withStride(2).withPadding(1);
    all.add(Arguments.of(Convolution.of(3, Window.of(3, 3)), Shape.of(2, 5, 4)));
    all.add(Arguments.of(new Convolution(8, Window.of(3, 3).same(), false, 1), Shape.of(8, 4, 3)));
    all.add(Arguments.of(Convolution.of(9, odd), Shape.of(3, 6, 7)));
    all.add(Arguments.of(Convolution.of(9, odd.same()), Shape.of(1, 6, 7)));
    all.add(Arguments.of(Convolution.of(24, Window.of(1, 1)), Shape.of(16, 2, 3)));
    all.add(Arguments.of(Convolution.of(4, Window.of(3).same()), Shape.of(2, 9)));
    all.add(Arguments.of(new Convolution(8, Window.of(4).apart(), false, 1), Shape.of(8, 9)));
    for (Pooling.Kind kind : Pooling.Kind.values()) {
      all.add(Arguments.of(new Pooling(kind, Window.of(2, 2).apart()), Shape.of(2, 4, 5)));
      all.add(Arguments.of(new Pooling(kind, odd), Shape.of(8, 5, 5)));
      all.add(Arguments.of(new Pooling(kind, Window.of(3, 3).same()), Shape.of(3, 4, 3)));
      all.add(Arguments.of(new Pooling(kind, Window.of(3).withStride(2)), Shape.of(2, 7)));
      all.add(Arguments.of(new GlobalPooling(kind), Shape.of(3, 4, 5)));
      all.add(Arguments.of(new GlobalPooling(kind), Shape.of(3, 7)));
    }
    all.add(Arguments.of(BatchNorm.usual(), Shape.of(3)));
    // Beside a large epsilon, for two like numbers bend the line too much for differences.
    all.add(Arguments.of(new BatchNorm(0.2, 0.05), Shape.of(16)));
    all.add(Arguments.of(BatchNorm.usual(), Shape.of(4, 3, 5)));
    all.add(Arguments.of(BatchNorm.usual(), Shape.of(3, 5)));
    return all;
  }

  @ParameterizedTest
  @MethodSource("withGradientsOfTheirOutput")
  void gradientsAgreeWithCentralDifferences(Layer layer, Shape shape) {
    for (int rows : new int[] {1, 2, 5}) {
      Gradients.check(layer, shape, rows, Data.TRAINING);
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void sameBitsWhereverTheArraysLie(Layer layer, Shape shape) {
    for (int rows : new int[] {1, 2, 37}) {
      INDArray input = Data.input(layer, DataType.FLOAT, shape.withRows(rows));
      INDArray gradient = Data.random(2, DataType.FLOAT, layer.outputShape(shape).withRows(rows));
      Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
      List<INDArray> expected = run(layer, input, gradient, parameters);
      char order = expected.get(0).ordering();
      for (char o : new char[] {'c', 'f'}) {
        for (int offset = 0; offset < 9; offset++) {
          List<INDArray> actual =
              run(
                  layer,
                  Data.offsetView(input, o, offset),
                  Data.offsetView(gradient, o, (offset * 5) % 9),
                  parameters);
          for (int i = 0; i < expected.size(); i++) {
            assertSameBits(expected.get(i), actual.get(i), layer + " " + o + offset + " " + i);
          }
          assertTrue(
              NativeArrays.isDense(actual.get(0), order), "the output's memory order is fixed");
        }
      }
      assertRowsOfALargerArrayWork(layer, input, gradient, parameters, expected);
    }
  }

  static void assertRowsOfALargerArrayWork(
      Layer layer,
      INDArray input,
      INDArray gradient,
      Parameters parameters,
      List<INDArray> expected) {
    List<INDArray> actual = run(layer, amongOtherRows(input), amongOtherRows(gradient), parameters);
    for (int i = 0; i < expected.size(); i++) {
      assertSameBits(expected.get(i), actual.get(i), layer + " slice " + i);
    }
  }

  private static INDArray amongOtherRows(INDArray array) {
    long[] shape = array.shape();
    long rows = shape[0];
    shape = shape.clone();
    shape[0] = rows + 5;
    INDArray large = Nd4j.valueArrayOf(shape, 7e9, array.dataType()).dup('f');
    INDArray view = large.get(NDArrayIndex.interval(2, 2 + rows));
    return view.assign(array);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void inputsAreNeverChanged(Layer layer, Shape shape) {
    INDArray input = Data.input(layer, DataType.FLOAT, shape.withRows(3)).dup('f');
    INDArray gradient =
        Data.random(2, DataType.FLOAT, layer.outputShape(shape).withRows(3)).dup('f');
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
    INDArray inputBefore = input.dup();
    INDArray gradientBefore = gradient.dup();
    Parameters before = Parameters.initial(layer.parameters(shape), 5, 0);
    run(layer, input, gradient, parameters);
    assertSameBits(inputBefore, input, "input");
    assertSameBits(gradientBefore, gradient, "gradient");
    if (parameters.size() > 0) {
      assertSameBits(before.flat(), parameters.flat(), "weights");
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void theTwoHalvesMayComeInEitherOrder(Layer layer, Shape shape) {
    assertEitherOrder(layer, shape);
  }

  static void assertEitherOrder(Layer layer, Shape shape) {
    INDArray input = Data.input(layer, DataType.FLOAT, shape.withRows(3));
    INDArray gradient = Data.random(2, DataType.FLOAT, layer.outputShape(shape).withRows(3));
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
    List<INDArray> inputFirst = run(layer, input, gradient, parameters);
    Backward backward = layer.forward(input, parameters, Data.training(layer, input)).backward();
    Parameters gradients = Parameters.zeros(parameters.specs());
    backward.weightGradient(gradient, gradients);
    assertSameBits(inputFirst.get(1), backward.inputGradient(gradient), "input gradient");
    if (gradients.size() > 0) {
      assertSameBits(inputFirst.get(2), gradients.flat(), "weight gradient");
    }
  }

  /** The two go through different kernels. */
  @ParameterizedTest
  @MethodSource("layers")
  void singlePrecisionIsDoublePrecisionRounded(Layer layer, Shape shape) {
    assertDoublePrecisionRounded(layer, shape);
  }

  static void assertDoublePrecisionRounded(Layer layer, Shape shape) {
    INDArray input = Data.input(layer, DataType.FLOAT, shape.withRows(6));
    INDArray gradient = Data.random(2, DataType.FLOAT, layer.outputShape(shape).withRows(6));
    Parameters floats = Parameters.initial(layer.parameters(shape), 5, 0);
    Parameters doubles = Parameters.zeros(floats.specs(), DataType.DOUBLE);
    if (floats.size() > 0) {
      doubles.flat().assign(floats.flat().castTo(DataType.DOUBLE));
    }
    List<INDArray> actual = run(layer, input, gradient, floats);
    List<INDArray> expected =
        run(layer, input.castTo(DataType.DOUBLE), gradient.castTo(DataType.DOUBLE), doubles);
    for (int i = 0; i < expected.size(); i++) {
      Data.assertClose(Data.values(expected.get(i)), actual.get(i), 5e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void outputsHaveTheShapeThatWasPromised(Layer layer, Shape shape) {
    INDArray input = Data.input(layer, DataType.FLOAT, shape.withRows(1));
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
    INDArray output = layer.forward(input, parameters, Data.training(layer, input)).output();
    assertArrayEquals(layer.outputShape(shape).withRows(1), output.shape());
  }

  /** Output, input gradient and, if there are weights, their gradient. */
  static List<INDArray> run(Layer layer, INDArray input, INDArray gradient, Parameters parameters) {
    Forward forward = layer.forward(input, parameters, Data.training(layer, input));
    List<INDArray> results = new ArrayList<>();
    results.add(forward.output());
    results.add(forward.backward().inputGradient(gradient));
    Parameters gradients = Parameters.zeros(parameters.specs(), input.dataType());
    forward.backward().weightGradient(gradient, gradients);
    if (gradients.size() > 0) {
      results.add(gradients.flat());
    }
    return results;
  }
}
