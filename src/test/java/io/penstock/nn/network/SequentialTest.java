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
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.update.Updater;
import java.util.ArrayList;
import java.util.List;
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
}
