package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.update.Updater;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BatchNormTest {
  private static final BatchNorm LAYER = new BatchNorm(0.1, 1e-12);

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void trainingNormalisesByTheMicroBatch(DataType type) {
    Parameters parameters = parameters(Shape.of(2), type);
    parameters.get("scale").assign(2);
    parameters.get("shift").assign(10);
    INDArray input = Nd4j.createFromArray(new double[][] {{1, 100}, {3, 300}}).castTo(type);
    Data.assertClose(
        new double[] {8, 8, 12, 12},
        LAYER.forward(input, parameters, Data.TRAINING).output(),
        1e-5);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void predictionsUseTheRunningStatistics(DataType type) {
    Parameters parameters = parameters(Shape.of(2), type);
    parameters.get("mean").assign(1);
    parameters.get("variance").assign(4);
    INDArray input = Nd4j.createFromArray(new double[][] {{1, 3}, {5, 2}}).castTo(type);
    Forward forward = LAYER.forward(input, parameters, Pass.inference(0));
    Data.assertClose(new double[] {0, 1, 2, 0.5}, forward.output(), 1e-6);
    INDArray ones = Nd4j.ones(type, 2, 2);
    Data.assertClose(
        new double[] {0.5, 0.5, 0.5, 0.5}, forward.backward().inputGradient(ones), 1e-6);
    Parameters sums = Parameters.zeros(parameters.specs(), type);
    forward.backward().weightGradient(ones, sums);
    Data.assertClose(new double[] {2, 1.5}, sums.get("scale"), 1e-6);
    assertEquals(0, sums.get("steps").getDouble(0), "predictions are no statistics");
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void statisticsMoveTowardsTheMiniBatch(DataType type) {
    Parameters parameters = parameters(Shape.of(1), type);
    Parameters sums = Parameters.zeros(parameters.specs(), type);
    for (double[][] rows : List.of(new double[][] {{1}, {2}}, new double[][] {{6}})) {
      INDArray input = Nd4j.createFromArray(rows).castTo(type);
      LAYER.forward(input, parameters, Data.TRAINING).backward().weightGradient(input, sums);
    }
    LAYER.updateStatistics(parameters, sums, Memory.FRESH.compute(type));
    // Mean 3, variance (4 + 1 + 9) / 3.
    assertEquals(0.3, parameters.get("mean").getDouble(0), 1e-6);
    assertEquals(0.9 + 1.4 / 3, parameters.get("variance").getDouble(0), 1e-6);
    assertEquals(1, parameters.get("steps").getDouble(0));
    LAYER.updateStatistics(
        parameters, Parameters.zeros(parameters.specs(), type), Memory.FRESH.compute(type));
    assertEquals(1, parameters.get("steps").getDouble(0), "a mini-batch without rows");
  }

  @Test
  void aSmallVarianceBesideALargeMeanIsNotLost() {
    Parameters parameters = parameters(Shape.of(1), DataType.FLOAT);
    parameters.get("mean").assign(1000);
    Parameters sums = Parameters.zeros(parameters.specs());
    INDArray input = Nd4j.createFromArray(new float[][] {{1000}, {1000.25f}});
    LAYER.forward(input, parameters, Data.TRAINING).backward().weightGradient(input, sums);
    new RunningStatistics(parameters).update(sums, 1, Memory.FRESH.compute(DataType.FLOAT).norms());
    assertEquals(0.015625, parameters.get("variance").getDouble(0), 1e-6);
    assertEquals(1000.125, parameters.get("mean").getDouble(0), 1e-4);
  }

  @Test
  void statisticsAreNotTrained() {
    Parameters parameters = parameters(Shape.of(2), DataType.FLOAT);
    Parameters gradients = Parameters.zeros(parameters.specs());
    gradients.flat().assign(1);
    for (Updater updater : List.of(Updater.sgd(0.5), Updater.adam(0.5))) {
      updater
          .newState(parameters)
          .apply(parameters, gradients, 0, 0, Memory.FRESH.compute(parameters.flat()));
    }
    assertEquals(4, parameters.trained().length());
    assertArrayEquals(
        new float[] {0, 0, 1, 1, 0}, java.util.Arrays.copyOfRange(parameters.values(), 4, 9));
  }

  @Test
  void whatDoesNotFitIsExplained() {
    assertThrows(ShapeException.class, () -> LAYER.outputShape(Shape.of(2, 3, 4, 5)));
    assertThrows(IllegalArgumentException.class, () -> new BatchNorm(0, 1e-5));
    assertThrows(IllegalArgumentException.class, () -> new BatchNorm(0.1, 0));
    Parameters parameters = parameters(Shape.of(2), DataType.FLOAT);
    String message =
        assertThrows(
                ShapeException.class,
                () -> LAYER.forward(Nd4j.ones(1, 3), parameters, Data.TRAINING))
            .getMessage();
    assertTrue(message.contains("2 channels") && message.contains("[1, 3]"), message);
  }

  private static Parameters parameters(Shape shape, DataType type) {
    return Parameters.initial(LAYER.parameters(shape), 1, 0, type);
  }
}
