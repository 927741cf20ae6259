package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import io.penstock.nn.Data;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.update.Updater;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ChainTest {
  private static final Chain CHAIN =
      new Chain(List.of(Dense.of(16), new ActivationLayer(Activation.TANH), Dense.of(8)));

  @Test
  void parametersAreThoseOfTheLayersUnderTheirIndexes() {
    assertEquals(
        List.of("0.weights", "0.bias", "2.weights", "2.bias"),
        CHAIN.parameters(Shape.of(8)).stream().map(ParameterSpec::name).toList());
    assertEquals(272 + 16 * 20 + 264, CHAIN.flops(Shape.of(8)));
  }

  @Test
  void updatedWeightsCountFromTheNextForward() {
    Chain nested = new Chain(List.of(CHAIN));
    Parameters p = Parameters.initial(nested.parameters(Shape.of(8)), 1, 0);
    INDArray x = Data.random(1, DataType.FLOAT, 4, 8);
    nested.forward(x, p, Data.TRAINING);
    Parameters gradients = Parameters.zeros(p.specs());
    gradients.flat().assign(0.3);
    Updater.sgd(0.5).newState(p).apply(p, gradients, 0, 0, Memory.FRESH.compute(p.flat()));
    Parameters fresh = Parameters.zeros(p.specs());
    fresh.flat().assign(p.flat());
    Data.assertSameBits(
        nested.forward(x, fresh, Data.TRAINING).output(),
        nested.forward(x, p, Data.TRAINING).output(),
        "after an update");
  }

  @Test
  void innerLayersDropDifferentNumbers() {
    Chain two = new Chain(List.of(new Dropout(0.5), new Dropout(0.5)));
    INDArray ones = Nd4j.ones(DataType.FLOAT, 40, 50);
    double[] values =
        Data.values(two.forward(ones, Parameters.zeros(List.of()), Data.TRAINING).output());
    assertEquals(500, Arrays.stream(values).filter(v -> v == 4).count(), 80);
    assertEquals(1500, Arrays.stream(values).filter(v -> v == 0).count(), 80);
  }

  @Test
  void innerDropoutIsKeyedByTheWholeNetworksLayer() {
    Chain one = new Chain(List.of(new Dropout(0.5)));
    INDArray ones = Nd4j.ones(DataType.FLOAT, 8, 16);
    Parameters none = Parameters.zeros(List.of());
    double[] here = Data.values(one.forward(ones, none, new Pass(true, 7, 1, 2, 3)).output());
    double[] there = Data.values(one.forward(ones, none, new Pass(true, 7, 2, 2, 3)).output());
    assertFalse(Arrays.equals(here, there));
  }

  @Test
  void whatDoesNotFitIsNamed() {
    Chain chain = new Chain(List.of(new Flatten(), new Embedding(3, 2), Dense.of(2), Dense.of(1)));
    assertEquals(Shape.of(4, 1), chain.outputShape(Shape.of(4)));
    Chain wrong = new Chain(List.of(Dense.of(2), new SelfAttention(1, true)));
    String message =
        assertThrows(ShapeException.class, () -> wrong.outputShape(Shape.of(4))).getMessage();
    assertTrue(message.contains("Inner layer 1"), message);
    assertThrows(IllegalArgumentException.class, () -> new Chain(List.of()));
  }

  @Test
  void whatJoinsLayersOrGathersStatisticsIsRefused() {
    for (Layer layer : List.of(new Save("a"), new AddSaved("a"), new TiedDense(0, 2, true))) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new Chain(List.of(layer)))
              .getMessage();
      assertTrue(message.contains("beside"), message);
    }
    Chain chain = new Chain(List.of(BatchNorm.usual()));
    String message =
        assertThrows(ShapeException.class, () -> chain.parameters(Shape.of(4))).getMessage();
    assertTrue(message.contains("statistics") && message.contains("addSaved"), message);
  }
}
