package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Gradients;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class CustomTest {
  private static final Custom DENSE =
      Custom.of(
              Shape.of(3), (sd, x) -> x.mmul(sd.getVariable("weights")).add(sd.getVariable("bias")))
          .with("weights", Initializer.scaled(4, 1), 4, 3)
          .with("bias", Initializer.zeros(), 3);

  private static Sequential network(Layer layer) {
    return Sequential.input(4).layer(layer).loss(Losses.squaredError()).build();
  }

  @Test
  void aProductAndABiasAreADenseLayer() {
    Layer dense = new Dense(3, true, 1);
    Parameters parameters = Parameters.initial(dense.parameters(Shape.of(4)), 5, 1);
    assertEquals(parameters.specs(), DENSE.parameters(Shape.of(4)));
    for (int rows : new int[] {1, 7}) {
      INDArray x = Data.random(1, DataType.FLOAT, rows, 4);
      INDArray g = Data.random(2, DataType.FLOAT, rows, 3);
      Forward expected = dense.forward(x, parameters, Data.TRAINING);
      Forward actual = DENSE.forward(x, parameters, Data.TRAINING);
      Data.assertClose(Data.values(expected.output()), actual.output(), 1e-6);
      Parameters a = Parameters.zeros(parameters.specs());
      Parameters b = Parameters.zeros(parameters.specs());
      expected.backward().weightGradient(g, a);
      actual.backward().weightGradient(g, b);
      actual.backward().weightGradient(g, b);
      Data.assertClose(Data.values(a.flat().mul(2)), b.flat(), 1e-5);
      Data.assertClose(
          Data.values(expected.backward().inputGradient(g)),
          actual.backward().inputGradient(g),
          1e-6);
    }
  }

  @Test
  void itNeedLearnNothing() {
    Custom layer = Custom.of(Shape.of(4), (sd, x) -> x.mul(x));
    INDArray x = Data.random(1, DataType.FLOAT, 3, 4);
    INDArray g = Data.random(2, DataType.FLOAT, 3, 4);
    Parameters none = Parameters.initial(layer.learnt(), 5, 1);
    Forward forward = layer.forward(x, none, Data.TRAINING);
    Data.assertClose(Data.values(x.mul(x)), forward.output(), 1e-6);
    Data.assertClose(Data.values(x.mul(g).mul(2)), forward.backward().inputGradient(g), 1e-6);
  }

  @Test
  void theInputHasItsGradientHoweverFarFromTheWeights() {
    Custom layer =
        Custom.of(Shape.of(4), (sd, x) -> sd.math().tanh(x.mul(x)).mul(sd.getVariable("w")))
            .with("w", Initializer.constant(3), 4);
    Gradients.check(layer, Shape.of(4), 3, Data.TRAINING);
  }

  @Test
  void itFollowsItsWeights() {
    Parameters parameters = Parameters.initial(DENSE.learnt(), 5, 1);
    INDArray x = Data.random(1, DataType.FLOAT, 2, 4);
    INDArray before = DENSE.forward(x, parameters, Data.TRAINING).output();
    parameters.flat().muli(2);
    parameters.changed();
    INDArray after = DENSE.forward(x, parameters, Data.TRAINING).output();
    Data.assertClose(Data.values(before.mul(2)), after, 1e-6);
  }

  @Test
  void itTravelsButIsNotSaved() {
    Sequential net = network(DENSE);
    String message = assertThrows(IllegalArgumentException.class, net::toJson).getMessage();
    assertTrue(message.contains("custom layer") && message.contains("not be saved"), message);
    assertFalse(net.isSaveable());
    assertFalse(network(new Chain(List.of(DENSE))).isSaveable(), "nor within another layer");
    assertTrue(network(new Chain(List.of(Dense.of(8)))).isSaveable());
    Sequential there = Sequential.fromWire(net.toWire());
    Custom layer = (Custom) there.layers().get(0);
    assertEquals(DENSE.learnt(), layer.learnt());
    Parameters parameters = Parameters.initial(DENSE.learnt(), 5, 1);
    INDArray x = Data.random(1, DataType.FLOAT, 2, 4);
    assertArrayEquals(
        Data.values(DENSE.forward(x, parameters, Data.TRAINING).output()),
        Data.values(layer.forward(x, parameters, Data.TRAINING).output()));
    Sequential plain = Sequential.input(4).dense(3).loss(Losses.squaredError()).build();
    assertEquals(plain.toJson(), plain.toWire());
  }

  @Test
  void keptTextNeverBecomesSerialisedJava() {
    String wire = network(DENSE).toWire();
    String message =
        assertThrows(IllegalArgumentException.class, () -> Sequential.fromJson(wire)).getMessage();
    assertTrue(message.contains("'custom'"), message);
  }

  @Test
  void whatTheFunctionCapturesMustBeSerialisable() {
    Object heavy = new Object();
    Custom layer = Custom.of(Shape.of(4), (sd, x) -> x.mul(heavy.hashCode()));
    String message =
        assertThrows(IllegalArgumentException.class, () -> network(layer).toWire()).getMessage();
    assertTrue(message.contains("java.lang.Object"), message);
  }

  @Test
  void theOutputMustHaveTheDeclaredShape() {
    Custom wrong = Custom.of(Shape.of(5), (sd, x) -> x.mul(2));
    INDArray x = Data.random(1, DataType.FLOAT, 2, 4);
    Parameters none = Parameters.zeros(wrong.learnt());
    String message =
        assertThrows(RuntimeException.class, () -> wrong.forward(x, none, Data.TRAINING))
            .getMessage();
    assertTrue(message.contains("[2, 4]") && message.contains("[5]"), message);
  }
}
