package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.NotFinite;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.BatchNorm;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Dropout;
import io.penstock.nn.layer.Gru;
import io.penstock.nn.layer.LayerNorm;
import io.penstock.nn.layer.Lstm;
import io.penstock.nn.layer.Residual;
import io.penstock.nn.layer.SelfAttention;
import io.penstock.nn.layer.TransformerBlock;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Numbers that overflow end a run wherever the network is cut, though the next layer hides them or
 * the layer itself does.
 */
class HiddenNumbersTest {
  private static final int WIDTH = 512;
  private static final int ROWS = 16;

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "TANH", "SIGMOID", "ELU"})
  void whetherARunGoesOnDoesNotHangOnTheCut(Activation activation) {
    Sequential network =
        Sequential.input(WIDTH)
            .dense(1, activation)
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    float[] features = new float[ROWS * WIDTH];
    Random random = new Random(1);
    for (int i = 0; i < features.length; i++) {
      float one = (float) random.nextGaussian();
      features[i] = i < WIDTH ? Math.copySign(Float.MAX_VALUE, one) : one;
    }
    for (List<Integer> cut : List.of(List.of(0), List.of(0, 1), List.of(0, 2))) {
      String message = diverged(network, features, labels(), cut);
      assertTrue(message.contains("layer 0, Dense"), message);
    }
  }

  /** Whose numbers overflow and are squashed before they come out. */
  private static final List<Layer> SQUASHING =
      List.of(
          new Dense(1, true, 1e18),
          new Dense(1, true, 1e18),
          new Dense(1, true, 1e18),
          new ActivationLayer(Activation.TANH),
          Dense.of(4));

  static Stream<Layer> composites() {
    Layer chain = new Chain(SQUASHING);
    Layer residual = new Residual(SQUASHING);
    return Stream.of(
        chain,
        residual,
        new Chain(List.of(Dense.of(4), chain)),
        new Chain(List.of(residual, Dense.of(4))),
        new Residual(List.of(chain)),
        new Residual(List.of(residual)),
        new Residual(List.of(new Residual(List.of(chain)), Dense.of(4))));
  }

  @ParameterizedTest
  @MethodSource("composites")
  void noLayerOfLayersHidesWhatOverflowsWithinIt(Layer composite) {
    Sequential network =
        Sequential.input(4)
            .dense(4)
            .layer(composite)
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    float[] features = new float[ROWS * 4];
    Random random = new Random(1);
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (List<Integer> cut : List.of(List.of(0), List.of(0, 1), List.of(0, 2), List.of(0, 1, 2))) {
      String message = diverged(network, features, labels(), cut);
      assertTrue(message.contains("layer 1, " + composite + ": "), message);
      assertTrue(message.contains("of what comes to ActivationLayer["), message);
    }
  }

  static Stream<LayerCase> showing() {
    return LayerCase.all().filter(one -> !one.layer().hidesNotFinite());
  }

  /** Each number of the input in turn, in training and not. */
  @ParameterizedTest
  @MethodSource("showing")
  void whatALayerDoesNotHideIsInItsOutput(LayerCase one) {
    Layer layer = one.layer();
    Shape shape = one.network().shape(one.at());
    int owner = one.network().owner(one.at());
    Parameters parameters = Parameters.initial(one.network().parameters(owner), 5, owner);
    for (boolean training : new boolean[] {true, false}) {
      for (long place = 0; place < 2 * shape.size(); place++) {
        for (double number : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0}) {
          INDArray input = Nd4j.ones(DataType.FLOAT, 2 * shape.size()).muli(0.5);
          input.putScalar(place, number);
          List<Object> shown = new ArrayList<>();
          Pass pass =
              new Pass(training, 1, one.at(), 2, 0)
                  .watchedBy(
                      (at, reader, numbers) ->
                          NotFinite.in("", numbers).ifPresent(found -> shown.add(reader)));
          INDArray output =
              layer.forward(input.reshape('c', shape.withRows(2)), parameters, pass).output();
          assertTrue(
              NotFinite.in("", output).isPresent() || !shown.isEmpty(),
              () -> number + " in " + input + " made " + output);
        }
      }
    }
  }

  static Stream<LayerCase> handingGradientsOn() {
    return LayerCase.all().filter(one -> !one.layer().hidesGradients());
  }

  /** Each number of the output's gradient in turn. */
  @ParameterizedTest
  @MethodSource("handingGradientsOn")
  void gradientsThatALayerDoesNotHideAreInThoseThatItMakes(LayerCase one) {
    Layer layer = one.layer();
    Shape shape = one.network().shape(one.at());
    int owner = one.network().owner(one.at());
    Parameters parameters = Parameters.initial(one.network().parameters(owner), 5, owner);
    long size = 2 * one.network().shape(one.at() + 1).size();
    for (long place = 0; place < size; place++) {
      for (double number : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0}) {
        INDArray input = Nd4j.rand(DataType.FLOAT, shape.withRows(2));
        Forward done = layer.forward(input, parameters, new Pass(true, 1, one.at(), 2, 0));
        INDArray gradient = Nd4j.ones(DataType.FLOAT, done.output().shape()).dup('c');
        gradient.putScalar(place, number);
        Parameters gradients = Parameters.zeros(one.network().parameters(owner));
        INDArray made = done.backward().inputGradient(gradient);
        done.backward().weightGradient(gradient, gradients);
        assertTrue(
            NotFinite.in("", made).isPresent() || NotFinite.in(gradients).isPresent(),
            () -> number + " in " + gradient + " made " + made);
      }
    }
  }

  /** A unit that was below 0 lets no gradient through, not even a bad one. */
  @Test
  void gradientsThatALayerHidesEndARunOnAnyCut() {
    Blast blast = new Blast(Blast.Way.BACKWARD_OF_ZEROS, step -> step == 1, 0, Double.NaN);
    for (List<Layer> hiding :
        List.<List<Layer>>of(
            List.of(new ActivationLayer(Activation.RELU)),
            List.of(new Chain(List.of(Dense.of(4), new ActivationLayer(Activation.RELU)))),
            List.of(
                new Chain(List.of(new ActivationLayer(Activation.RELU), new Dropout(0.0))),
                new Dropout(0.1)))) {
      NetworkBuilder builder = Sequential.input(4).dense(4);
      hiding.forEach(builder::layer);
      Sequential network = builder.dense(2).loss(Losses.softmaxCrossEntropy()).build();
      float[] features = new float[ROWS * 4];
      Random random = new Random(1);
      for (int i = 0; i < features.length; i++) {
        features[i] = (float) random.nextGaussian();
      }
      int at = 1 + hiding.size();
      Sequential blasted = blast.before(network, at).network();
      for (List<Integer> cut : List.of(List.of(0), List.of(0, at), List.of(0, at + 1))) {
        String message = diverged(blasted, features, labels(), cut);
        assertTrue(message.contains("layer " + at + ", Blast"), message);
      }
    }
  }

  static Stream<Layer> dividing() {
    Layer norm = LayerNorm.usual();
    return Stream.of(
        norm,
        new Residual(List.of(norm, Dense.of(4))),
        new Chain(List.of(new Residual(List.of(norm)), Dense.of(4))),
        new TransformerBlock(2, 8, true, 0));
  }

  /** Squares that add up to infinity: dividing by their root leaves nothing to see. */
  @ParameterizedTest
  @MethodSource("dividing")
  void variancesThatOverflowAreShownByTheirRows(Layer layer) {
    Shape shape = Shape.of(3, 4);
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
    INDArray input = Nd4j.rand(DataType.FLOAT, 2, 3, 4);
    for (boolean training : new boolean[] {true, false}) {
      List<INDArray> shown = new ArrayList<>();
      Pass pass =
          new Pass(training, 1, 0, 2, 0)
              .watchedBy(
                  (at, reader, numbers) ->
                      NotFinite.in("", numbers).ifPresent(found -> shown.add(numbers.dup())));
      layer.forward(input, parameters, pass);
      assertEquals(List.of(), shown);
      INDArray large = input.dup();
      large.putScalar(new long[] {1, 2, 0}, 1e25);
      layer.forward(large, parameters, pass);
      assertFalse(shown.isEmpty(), layer.toString());
      INDArray first = shown.get(0).reshape('c', 2, -1);
      assertTrue(NotFinite.in("", first.getRow(0).dup()).isEmpty(), "row 0 is as it was");
    }
  }

  @Test
  void aMicroBatchsVariancesThatOverflowAreShownInTraining() {
    BatchNorm layer = BatchNorm.usual();
    Parameters parameters = Parameters.initial(layer.parameters(Shape.of(4)), 5, 0);
    INDArray input = Nd4j.rand(DataType.FLOAT, 3, 4);
    input.putScalar(1, 1, 1e25);
    List<Object> shown = new ArrayList<>();
    layer.forward(
        input,
        parameters,
        new Pass(true, 1, 0, 2, 0)
            .watchedBy(
                (at, reader, numbers) ->
                    NotFinite.in("", numbers).ifPresent(found -> shown.add(reader))));
    assertEquals(List.of("its division by the standard deviation"), shown);
  }

  static Stream<Layer> recurrent() {
    return Stream.of(new Lstm(3), new Gru(3));
  }

  @ParameterizedTest
  @MethodSource("recurrent")
  void gatesThatOverflowAreShownByTheirRows(Layer layer) {
    Shape shape = Shape.of(4, 2);
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
    parameters.get("weights").assign(2);
    parameters.changed();
    INDArray input = Nd4j.ones(DataType.FLOAT, 3, 4, 2);
    List<INDArray> shown = new ArrayList<>();
    Pass pass = Pass.inference(0).watchedBy((at, reader, numbers) -> shown.add(numbers.dup()));
    layer.forward(input, parameters, pass);
    assertEquals(List.of(), shown);
    input.putScalar(new long[] {1, 2, 0}, Float.MAX_VALUE);
    INDArray output = layer.forward(input, parameters, pass).output();
    assertTrue(NotFinite.in("", output).isEmpty(), "gates level off");
    assertEquals(1, shown.size());
    for (int row = 0; row < 3; row++) {
      boolean found = NotFinite.in("", shown.get(0).slice(row).dup()).isPresent();
      assertEquals(row == 1, found, "row " + row);
    }
  }

  @Test
  void scoresThatOverflowAreShown() {
    SelfAttention layer = new SelfAttention(1, true);
    Shape shape = Shape.of(2, 1);
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
    parameters.get("projection").assign(Nd4j.createFromArray(new float[][] {{-1, 1, 0}}));
    parameters.changed();
    float[][][] rows = {{{1}, {1}}, {{1e19f}, {1}}, {{1.5e19f}, {1}}, {{1e19f}, {1e20f}}};
    boolean[] overflows = {false, false, false, true};
    for (int row = 0; row < rows.length; row++) {
      List<Object> shown = new ArrayList<>();
      Pass pass =
          Pass.inference(0)
              .watchedBy(
                  (at, reader, numbers) ->
                      NotFinite.in("", numbers).ifPresent(found -> shown.add(reader)));
      layer.forward(Nd4j.createFromArray(rows[row]).reshape(1, 2, 1), parameters, pass);
      assertEquals(overflows[row], !shown.isEmpty(), "row " + row);
    }
  }

  private static float[] labels() {
    float[] labels = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 2;
    }
    return labels;
  }

  /** What training on this cut ends with. */
  private static String diverged(
      Sequential network, float[] features, float[] labels, List<Integer> cut) {
    LocalPipeline pipeline =
        new LocalPipeline(
            network,
            Nd4j.create(features, new long[] {ROWS, features.length / ROWS}, 'c'),
            Nd4j.create(labels, new long[] {ROWS, 1}, 'c'));
    Throwable cause =
        assertThrows(
            Exception.class,
            () ->
                pipeline.train(
                    Schedules.generate("1f1b", cut.size(), 2),
                    Recomputation.NEVER,
                    cut,
                    8,
                    2,
                    Updater.sgd(0.01)),
            cut.toString());
    while (cause.getCause() != null && !(cause instanceof DivergedException)) {
      cause = cause.getCause();
    }
    assertInstanceOf(DivergedException.class, cause, cut.toString());
    return cause.getMessage();
  }
}
