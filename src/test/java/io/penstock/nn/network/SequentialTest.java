package io.penstock.nn.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Gradients;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Skip;
import io.penstock.nn.Weightless;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.update.Updater;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SequentialTest {
  private static final Sequential NET =
      Sequential.input(3, 2)
          .flatten()
          .dense(8, Activation.TANH)
          .dense(5, Activation.RELU)
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  @Test
  void shapesAreThoseBetweenTheLayers() {
    assertEquals(Shape.of(3, 2), NET.input());
    assertEquals(6, NET.layers().size());
    assertEquals(Shape.of(6), NET.shape(1));
    assertEquals(Shape.of(4), NET.shape(6));
    assertEquals(Shape.of(4), NET.output());
    assertEquals(6 * 8 + 8, NET.parameterCount(1));
    assertEquals(2 * 6 * 8 + 8, NET.flops(1));
    assertEquals(0, NET.parameterCount(2));
  }

  @Test
  void aPerceptronHasReluBetweenItsDenseLayers() {
    Sequential net = Sequential.perceptron(784, 64, 10);
    assertEquals(
        List.of(
            new Dense(64, true, Math.sqrt(2)),
            new ActivationLayer(Activation.RELU),
            new Dense(10, true, 1)),
        net.layers());
    assertThrows(IllegalArgumentException.class, () -> Sequential.perceptron(784));
  }

  @Test
  void twoWeightsOfOneEndAtOneLessTwiceTheRate() {
    // The output is w1 w2 = 1, the target 0: both gradients are 2. A scale that is wrong shows
    // here.
    double rate = 0.05;
    Sequential net =
        Sequential.input(1)
            .layer(new Dense(1, false, 1))
            .layer(new Dense(1, false, 1))
            .loss(Losses.squaredError())
            .build();
    List<Parameters> weights = initial(net, DataType.FLOAT);
    weights.forEach(p -> p.flat().assign(1));
    INDArray x = Data.floats(new float[][] {{1}});
    INDArray target = Data.floats(new float[][] {{0}});
    List<Parameters> gradients = gradients(net, weights, List.of(x), List.of(target), 1);
    for (int i = 0; i < 2; i++) {
      Updater.sgd(rate)
          .newState(weights.get(i))
          .apply(
              weights.get(i), gradients.get(i), 0, 0, Memory.FRESH.compute(weights.get(i).flat()));
      assertEquals(1 - 2 * rate, weights.get(i).flat().getDouble(0), 1e-7);
    }
  }

  @Test
  void gradientsOfMicroBatchesAddUpToThoseOfTheMiniBatch() {
    INDArray x = Data.random(1, DataType.DOUBLE, 7, 3, 2);
    INDArray labels = Data.floats(new float[][] {{0}, {1}, {2}, {3}, {0}, {1}, {2}});
    List<Parameters> weights = initial(NET, DataType.DOUBLE);
    List<Parameters> whole = gradients(NET, weights, List.of(x), List.of(labels), 7);
    for (int size : new int[] {1, 2, 3}) {
      List<INDArray> xs = new ArrayList<>();
      List<INDArray> ys = new ArrayList<>();
      for (int from = 0; from < 7; from += size) {
        var rows = NDArrayIndex.interval(from, Math.min(7, from + size));
        xs.add(x.get(rows, NDArrayIndex.all(), NDArrayIndex.all()));
        ys.add(labels.get(rows, NDArrayIndex.all()));
      }
      List<Parameters> sum = gradients(NET, weights, xs, ys, 7);
      for (int i = 0; i < sum.size(); i++) {
        if (sum.get(i).size() > 0) {
          assertArrayEquals(
              Data.values(whole.get(i).flat()), Data.values(sum.get(i).flat()), 1e-14);
        }
      }
    }
  }

  @Test
  void gradientsOfTheWholeNetworkAgreeWithCentralDifferences() {
    INDArray x = Data.random(1, DataType.DOUBLE, 3, 3, 2);
    INDArray labels = Data.floats(new float[][] {{0}, {3}, {1}});
    List<Parameters> weights = initial(NET, DataType.DOUBLE);
    List<Parameters> gradients = gradients(NET, weights, List.of(x), List.of(labels), 1);
    for (int i = 0; i < weights.size(); i++) {
      if (weights.get(i).size() > 0) {
        Gradients.check(
            "layer " + i,
            weights.get(i).flat(),
            gradients.get(i).flat(),
            () -> NET.loss().score(NET.output(weights, x), labels));
      }
    }
  }

  @Test
  void predictingLeavesDropoutOut() {
    Sequential net = Sequential.input(4).dropout(0.5).dense(2).loss(Losses.squaredError()).build();
    List<Parameters> weights = initial(net, DataType.FLOAT);
    INDArray x = Data.random(1, DataType.FLOAT, 3, 4);
    INDArray expected = net.layers().get(1).forward(x, weights.get(1), Data.TRAINING).output();
    Data.assertSameBits(expected, net.output(weights, x), "no dropout");
  }

  @Test
  void whatDoesNotFitIsNamedWithItsLayer() {
    String message =
        assertThrows(
                ShapeException.class,
                () ->
                    Sequential.input(1, 28, 28)
                        .dropout(0.1)
                        .dense(10)
                        .loss(Losses.softmaxCrossEntropy())
                        .build())
            .getMessage();
    assertTrue(message.startsWith("Layer 1, Dense") && message.contains("flatten"), message);
  }

  @Test
  void aNetworkNeedsLayersAndALoss() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Sequential.input(2).loss(Losses.squaredError()).build());
    String message =
        assertThrows(IllegalArgumentException.class, () -> Sequential.input(2).dense(2).build())
            .getMessage();
    assertTrue(message.contains(".loss("), message);
    assertThrows(
        ShapeException.class,
        () -> Sequential.input(2).dense(1).loss(Losses.softmaxCrossEntropy()).build());
  }

  @Test
  void inputsAndWeightsThatDoNotFitAreRefused() {
    List<Parameters> weights = initial(NET, DataType.FLOAT);
    INDArray flat = Data.random(1, DataType.FLOAT, 3, 5);
    String message =
        assertThrows(ShapeException.class, () -> NET.output(weights, flat)).getMessage();
    assertTrue(message.contains("[3, 2]") && message.contains("[3, 5]"), message);
    assertThrows(IllegalArgumentException.class, () -> NET.output(weights.subList(0, 2), flat));
  }

  @Test
  void sequencesMayBeShorterThanTheInputWhereLayersTakeThem() {
    Sequential any =
        Sequential.input(5).activation(Activation.RELU).loss(Losses.squaredError()).build();
    List<Parameters> none = List.of(Parameters.zeros(List.of()));
    INDArray output = any.output(none, Nd4j.ones(2, 3));
    assertArrayEquals(new long[] {2, 3}, output.shape());
    assertThrows(ShapeException.class, () -> any.output(none, Nd4j.ones(2, 6)));
    Sequential fixed = Sequential.input(5).dense(2).loss(Losses.squaredError()).build();
    List<Parameters> weights = List.of(Parameters.zeros(fixed.parameters(0)));
    ShapeException told =
        assertThrows(ShapeException.class, () -> fixed.output(weights, Nd4j.ones(2, 3)));
    assertTrue(told.getMessage().contains("give it [rows, 5]"), told.getMessage());
  }

  @Test
  void flatRowsTakeTheShapeOfTheInput() {
    List<Parameters> weights = initial(NET, DataType.FLOAT);
    INDArray flat = Data.random(1, DataType.FLOAT, 4, 6);
    INDArray shaped = flat.dup('c').reshape('c', 4, 3, 2);
    assertEquals(NET.output(weights, shaped), NET.output(weights, flat));
  }

  private static List<Parameters> initial(Sequential net, DataType type) {
    List<Parameters> weights = new ArrayList<>();
    for (int i = 0; i < net.layers().size(); i++) {
      weights.add(Parameters.initial(net.parameters(i), 11, i, type));
    }
    return weights;
  }

  /** One mini-batch of that many rows, micro-batch by micro-batch. */
  private static List<Parameters> gradients(
      Sequential net, List<Parameters> weights, List<INDArray> xs, List<INDArray> ys, int rows) {
    List<Parameters> gradients = new ArrayList<>();
    weights.forEach(w -> gradients.add(Parameters.zeros(w.specs(), w.flat().dataType())));
    for (int m = 0; m < xs.size(); m++) {
      List<Backward> back = new ArrayList<>();
      INDArray x = xs.get(m);
      for (int i = 0; i < net.layers().size(); i++) {
        Forward forward =
            net.layers().get(i).forward(x, weights.get(i), new Pass(true, 0, i, 0, m));
        back.add(forward.backward());
        x = forward.output();
      }
      INDArray g = net.loss().gradient(x, ys.get(m), 1.0 / rows);
      for (int i = back.size() - 1; i >= 0; i--) {
        back.get(i).weightGradient(g, gradients.get(i));
        g = back.get(i).inputGradient(g);
      }
    }
    return gradients;
  }

  @Test
  void skipsJoinWhatWasSavedToWhatAddsIt() {
    Sequential network =
        Sequential.input(2)
            .save("a")
            .activation(Activation.RELU)
            .save("b")
            .addSaved("a")
            .addSaved("b")
            .loss(Losses.squaredError())
            .build();
    assertEquals(List.of(new Skip("a", 0, 3), new Skip("b", 2, 4)), network.skips());
    List<Parameters> none =
        network.layers().stream().map(l -> Parameters.zeros(List.of())).toList();
    INDArray y = network.output(none, Data.floats(new float[][] {{-1, 2}}));
    Data.assertClose(new double[] {-1, 6}, y, 0);
  }

  @Test
  void bothEndsOfASkipMustBeThereAndOfOneShape() {
    NetworkBuilder neverSaved = Sequential.input(2).addSaved("a");
    assertRefused(neverSaved, "Layer 0 adds 'a', but no layer before it saves that");
    assertRefused(Sequential.input(2).save("a"), "saves 'a', which no layer adds");
    assertRefused(
        Sequential.input(2).save("a").dense(3).addSaved("a"), "of shape [2] to rows of shape [3]");
    assertRefused(Sequential.input(2).save("a").save("a").addSaved("a"), "Layer 1 saves 'a' again");
  }

  @Test
  void aTiedLayerUsesTheWeightsOfItsOwner() {
    Sequential network =
        Sequential.input(2).dense(3).tiedDense(0, 2).loss(Losses.squaredError()).build();
    assertEquals(0, network.owner(1));
    assertEquals(0, network.parameterCount(1));
    List<Parameters> weights =
        List.of(Parameters.zeros(network.parameters(0)), Parameters.zeros(List.of()));
    weights.get(0).get("weights").assign(Data.floats(new float[][] {{1, 2, 3}, {4, 5, 6}}));
    INDArray y = network.output(weights, Data.floats(new float[][] {{1, 0}}));
    Data.assertClose(new double[] {14, 32}, y, 0);
  }

  @Test
  void aTieNeedsAnEarlierLayerWithAMatrixThatFits() {
    assertRefused(
        Sequential.input(2).activation(Activation.RELU).tiedDense(0, 2),
        "needs 'weights' of shape [2, 2] in layer 0, which has []");
    assertRefused(Sequential.input(2).dense(3).tiedDense(0, 4), "'weights' of [2, 3]");
    assertRefused(Sequential.input(2).tiedDense(0, 2), "tie it to one before it");
    assertRefused(
        Sequential.input(2).dense(3).tiedDense(0, 2).tiedDense(1, 3),
        "Layer 2 is tied to layer 1, which has no weights of its own, for it is tied too");
  }

  /** Learns a number of its own, or shares that of an earlier layer; tokens make no sense to it. */
  private record Own(OptionalInt tiedTo, boolean learns, Optional<Long> tokenIds) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      ParameterSpec one = new ParameterSpec("one", List.of(1L), Initializer.zeros());
      return learns ? List.of(one) : List.of();
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      return new Forward(input, new Weightless(gradient -> gradient));
    }
  }

  private static Own tied(int layer, boolean learns) {
    return new Own(OptionalInt.of(layer), learns, Optional.empty());
  }

  private static Own taking(Optional<Long> tokenIds) {
    return new Own(OptionalInt.empty(), true, tokenIds);
  }

  @Test
  void aLayerOfAUsersOwnIsTiedToAnEarlierOneThatLearns() {
    Sequential network =
        Sequential.input(2)
            .layer(taking(Optional.empty()))
            .layer(tied(0, false))
            .loss(Losses.squaredError())
            .build();
    assertEquals(0, network.owner(1));
    assertRefused(
        Sequential.input(2).layer(taking(Optional.empty())).layer(tied(1, false)),
        "tie it to one before it");
    assertRefused(
        Sequential.input(2).layer(taking(Optional.empty())).layer(tied(-1, false)),
        "tied to layer -1");
    assertRefused(
        Sequential.input(2).layer(taking(Optional.empty())).layer(tied(0, true)),
        "It learns [one] and is tied to layer 0 too");
    assertThrows(IllegalArgumentException.class, () -> new Chain(List.of(tied(0, false))));
  }

  @Test
  void aLayerOfAUsersOwnTakesTokenIds() {
    NetworkBuilder ids =
        Sequential.input(2).flatten().layer(new Chain(List.of(taking(Optional.of(5L)))));
    assertEquals(Optional.of(5L), ids.loss(Losses.squaredError()).build().vocabulary());
    NetworkBuilder numbers = Sequential.input(2).layer(taking(Optional.empty()));
    assertEquals(Optional.empty(), numbers.loss(Losses.squaredError()).build().vocabulary());
    assertRefused(
        Sequential.input(2).dropout(0.5).layer(taking(Optional.of(5L))),
        "would make other token ids");
  }

  private static void assertRefused(NetworkBuilder builder, String why) {
    builder.loss(Losses.squaredError());
    String message = assertThrows(ShapeException.class, builder::build).getMessage();
    assertTrue(message.contains(why), message);
  }
}
