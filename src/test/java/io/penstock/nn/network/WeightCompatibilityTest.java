package io.penstock.nn.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import io.penstock.nn.Weightless;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class WeightCompatibilityTest {
  private static Sequential network(NetworkBuilder builder) {
    return builder.dense(3).loss(Losses.softmaxCrossEntropy()).build();
  }

  private static OptionalInt difference(NetworkBuilder one, NetworkBuilder other) {
    return WeightCompatibility.firstDifference(network(one), network(other));
  }

  @Test
  void howWeightsBeginAndDropoutDoNotMatter() {
    assertEquals(
        OptionalInt.empty(),
        difference(
            Sequential.input(4).dense(8, Activation.RELU).dropout(0.1),
            Sequential.input(4)
                .layer(Dense.of(8).initialized(WeightInit.XAVIER))
                .activation(Activation.RELU)
                .dropout(0.5)));
    assertEquals(
        OptionalInt.empty(),
        difference(
            Sequential.input(4).residual(Dense.of(4)),
            Sequential.input(4).residual(Dense.of(4).initialized(WeightInit.XAVIER))));
  }

  @Test
  void theDropoutOfATransformersBlockDoesNotMatter() {
    assertEquals(
        OptionalInt.empty(),
        difference(
            Sequential.input(4, 8).transformerBlock(2, 16, true, 0.1),
            Sequential.input(4, 8).transformerBlock(2, 16, true, 0.5)));
    assertEquals(
        OptionalInt.of(0),
        difference(
            Sequential.input(4, 8).transformerBlock(2, 16, true, 0.1),
            Sequential.input(4, 8).transformerBlock(2, 16, false, 0.1)));
  }

  @Test
  void aLayerOfAUsersOwnSaysItself() {
    assertEquals(
        OptionalInt.empty(),
        difference(
            Sequential.input(4).layer(new Shift("a", 0)),
            Sequential.input(4).layer(new Shift("b", 0))));
    assertEquals(
        OptionalInt.of(0),
        difference(
            Sequential.input(4).layer(new Shift("a", 0)),
            Sequential.input(4).layer(new Shift("a", 1))));
  }

  /**
   * Adds a number.
   *
   * @param name that does not matter
   */
  private record Shift(String name, double by) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public long flops(Shape input) {
      return input.size();
    }

    @Override
    public Object weightCompatibility() {
      return by;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      return new Forward(input.add(by), new Weightless(gradient -> gradient));
    }
  }

  @Test
  void aTravelledCustomLayerIsLikeItself() {
    Sequential own =
        network(
            Sequential.input(4)
                .layer(
                    Custom.of(Shape.of(2), (sd, x) -> x.mmul(sd.getVariable("w")))
                        .with("w", Initializer.zeros(), 4, 2)));
    assertEquals(
        OptionalInt.empty(),
        WeightCompatibility.firstDifference(own, Sequential.fromWire(own.toWire())));
  }

  @Test
  void whatAnyLayerDoesToItsWeightsMatters() {
    NetworkBuilder wide = Sequential.input(4).dense(8, Activation.RELU);
    assertEquals(
        OptionalInt.of(1), difference(wide, Sequential.input(4).dense(8, Activation.TANH)));
    assertEquals(
        OptionalInt.of(0),
        difference(
            Sequential.input(4).residual(Dense.of(4)),
            Sequential.input(4).residual(Dense.of(4), new ActivationLayer(Activation.RELU))));
  }

  @Test
  void shapesAndTheNumberOfLayersMatter() {
    assertEquals(
        OptionalInt.of(0), difference(Sequential.input(4).dense(8), Sequential.input(5).dense(8)));
    assertEquals(
        OptionalInt.of(2),
        difference(Sequential.input(4).dense(3), Sequential.input(4).dense(3).dense(3)));
  }
}
