package io.penstock.nn.layer;

import static io.penstock.nn.Data.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.update.Updater;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DenseTest {
  private static final Shape TWO = Shape.of(2);

  @Test
  void outputIsInputTimesWeightsPlusBias() {
    Dense dense = Dense.of(3);
    Parameters p = Parameters.zeros(dense.parameters(TWO));
    p.get("weights").assign(Data.floats(new float[][] {{1, 2, 3}, {4, 5, 6}}));
    p.get("bias").assign(Data.floats(new float[][] {{10, 20, 30}}).reshape(3));
    INDArray x = Data.floats(new float[][] {{1, 1}, {2, 0}});
    Forward forward = dense.forward(x, p, Data.TRAINING);
    assertClose(new double[] {15, 27, 39, 12, 24, 36}, forward.output(), 0);

    INDArray g = Data.floats(new float[][] {{1, 0, 0}, {0, 1, 2}});
    assertClose(new double[] {1, 4, 8, 17}, forward.backward().inputGradient(g), 0);
    Parameters gradients = Parameters.zeros(p.specs());
    forward.backward().weightGradient(g, gradients);
    assertClose(new double[] {1, 2, 4, 1, 0, 0}, gradients.get("weights"), 0);
    assertClose(new double[] {1, 1, 2}, gradients.get("bias"), 0);
  }

  @Test
  void updatedWeightsCountFromTheNextForward() {
    Dense dense = Dense.of(16);
    Parameters p = Parameters.initial(dense.parameters(Shape.of(8)), 1, 0);
    INDArray x = Data.random(1, DataType.FLOAT, 4, 8);
    INDArray before = dense.forward(x, p, Data.TRAINING).output();
    Parameters gradients = Parameters.zeros(p.specs());
    gradients.flat().assign(1);
    Updater.sgd(0.5).newState(p).apply(p, gradients, 0, 0, Memory.FRESH.compute(p.flat()));
    Forward after = dense.forward(x, p, Data.TRAINING);
    INDArray sums = x.sum(1).addi(1).muli(-0.5);
    assertClose(Data.values(before.addColumnVector(sums.reshape(4, 1))), after.output(), 1e-5);
    INDArray ones = Data.random(1, DataType.FLOAT, 4, 16).assign(1);
    assertClose(
        Data.values(Nd4j.gemm(ones, p.get("weights"), false, true)),
        after.backward().inputGradient(ones),
        1e-5);
  }

  @Test
  void weightGradientsAddUp() {
    Dense dense = Dense.of(1);
    Parameters p = Parameters.initial(dense.parameters(TWO), 1, 0);
    Backward backward =
        dense.forward(Data.floats(new float[][] {{3, 4}}), p, Data.TRAINING).backward();
    Parameters gradients = Parameters.zeros(p.specs());
    INDArray g = Data.floats(new float[][] {{2}});
    backward.weightGradient(g, gradients);
    backward.weightGradient(g, gradients);
    assertClose(new double[] {12, 16}, gradients.get("weights"), 0);
    assertClose(new double[] {4}, gradients.get("bias"), 0);
  }

  @Test
  void withoutBiasThereAreWeightsOnly() {
    Dense dense = new Dense(3, false, 1);
    assertEquals(
        List.of("weights"), dense.parameters(TWO).stream().map(ParameterSpec::name).toList());
    assertEquals(12, dense.flops(TWO));
    assertEquals(15, Dense.of(3).flops(TWO));
  }

  @Test
  void rowsOfSeveralDimensionsNeedAFlatten() {
    ShapeException e =
        assertThrows(ShapeException.class, () -> Dense.of(3).outputShape(Shape.of(3, 28, 28)));
    assertTrue(e.getMessage().contains("[3, 28, 28]"), e.getMessage());
    assertTrue(e.getMessage().contains("flatten"), e.getMessage());
  }

  @Test
  void anInputOfAnotherWidthIsRefused() {
    Dense dense = Dense.of(3);
    Parameters p = Parameters.zeros(dense.parameters(TWO));
    INDArray wide = Data.floats(new float[][] {{1, 2, 3}});
    ShapeException e =
        assertThrows(ShapeException.class, () -> dense.forward(wide, p, Data.TRAINING));
    assertTrue(e.getMessage().contains("[1, 3]"), e.getMessage());
    assertTrue(e.getMessage().contains("[rows, 2]"), e.getMessage());
  }

  @Test
  void outputsAndGainMustBePositive() {
    assertThrows(ShapeException.class, () -> Dense.of(0));
    assertThrows(IllegalArgumentException.class, () -> new Dense(1, true, 0));
    assertThrows(IllegalArgumentException.class, () -> new Dense(1, true, Double.NaN));
  }
}
