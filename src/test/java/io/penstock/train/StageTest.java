package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import io.penstock.compute.Workspace;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class StageTest {
  private static final Sequential NETWORK =
      Sequential.input(5).dense(7, Activation.TANH).dense(3).loss(Losses.squaredError()).build();

  private static Stage whole() {
    return stage(NETWORK, 0, NETWORK.layers().size(), 0.1, true);
  }

  private static Stage stage(
      Sequential network, int first, int end, double learningRate, boolean training) {
    StageWeights weights = new StageWeights(network, first, end, Updater.sgd(learningRate), 1);
    return new Stage(network, first, end, weights, 1, training, new Workspace());
  }

  private static INDArray forward(Stage stage, int microBatch, INDArray input) {
    return stage.forward(0, microBatch, loan(input), Map.of());
  }

  private static INDArray inputGradient(Stage stage, int microBatch, INDArray outputGradient) {
    Loan gradient = stage.inputGradient(microBatch, loan(outputGradient), Map.of());
    return gradient == null ? null : gradient.array();
  }

  private static Loan loan(INDArray array) {
    return Loan.of(array, back -> {});
  }

  private static INDArray rows(int rows, int width, int salt) {
    float[] values = new float[rows * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 1.7 + salt);
    }
    return Nd4j.create(values, new long[] {rows, width}, 'c');
  }

  /** Where others scaled gradients wrongly: every way of cutting the batch must give 1 − 2·lr. */
  @ParameterizedTest(name = "{0} micro-batches")
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void microBatchesDoNotChangeTheGradientsScale(int microBatches) {
    double learningRate = 0.05;
    Sequential network =
        Sequential.input(1)
            .layer(new Dense(1, false, 1))
            .layer(new Dense(1, false, 1))
            .loss(Losses.squaredError())
            .build();
    Stage first = stage(network, 0, 1, learningRate, true);
    Stage second = stage(network, 1, 2, learningRate, true);
    first.weights().of(0).flat().assign(1);
    second.weights().of(1).flat().assign(1);
    INDArray target = Nd4j.zeros(1, 1);
    for (int i = 0; i < microBatches; i++) {
      INDArray output = forward(second, i, forward(first, i, Nd4j.ones(1, 1)).dup());
      INDArray gradient = network.loss().gradient(output, target, 1.0 / microBatches);
      inputGradient(first, i, inputGradient(second, i, gradient));
      first.weightGradient(i);
      second.weightGradient(i);
    }
    NumberWatch watch = new NumberWatch(network, null, new Workspace());
    first.weights().update(0, 0, watch, new Workspace());
    second.weights().update(0, 0, watch, new Workspace());
    assertEquals(1 - 2 * learningRate, first.weights().of(0).flat().getDouble(0), 1e-6);
    assertEquals(1 - 2 * learningRate, second.weights().of(1).flat().getDouble(0), 1e-6);
  }

  @Test
  void theOrderOfTheInputGradientsChangesNothing() {
    float[] ascending = gradients(List.of(0, 1, 2, 3));
    assertArrayEquals(ascending, gradients(List.of(3, 2, 1, 0)), 0f);
    assertArrayEquals(ascending, gradients(List.of(2, 0, 3, 1)), 0f);
  }

  private static float[] gradients(List<Integer> inputOrder) {
    Stage stage = whole();
    for (int i = 0; i < 4; i++) {
      forward(stage, i, rows(3, 5, i));
    }
    inputOrder.forEach(i -> inputGradient(stage, i, rows(3, 3, 10 + i)));
    for (int i = 0; i < 4; i++) {
      stage.weightGradient(i);
    }
    return stage.weights().gradients(0).flat().dup().data().asFloat();
  }

  @Test
  void gradientsAreSummedInAscendingOrderOnly() {
    Stage stage = whole();
    for (int i = 0; i < 2; i++) {
      forward(stage, i, rows(3, 5, i));
      inputGradient(stage, i, rows(3, 3, 10 + i));
    }
    String message =
        assertThrows(IllegalStateException.class, () -> stage.weightGradient(1)).getMessage();
    assertEquals("W of micro-batch 1 comes before that of 0", message);
  }

  @Test
  void inferenceHoldsNothingAndDropsNothingOut() {
    Sequential network =
        Sequential.input(5).dropout(0.5).dense(3).loss(Losses.squaredError()).build();
    Stage stage = stage(network, 0, 2, 0.1, false);
    INDArray output = forward(stage, 0, rows(2, 5, 0));
    assertEquals(output, forward(stage, 1, rows(2, 5, 0)));
    assertEquals(2, stage.held());
    stage.forget(0);
    stage.forget(1);
    assertEquals(0, stage.held());
  }

  @Test
  void aForwardDoneAgainGivesTheSameBitsDropoutIncluded() {
    Sequential network =
        Sequential.input(5).dropout(0.5).dense(3).loss(Losses.squaredError()).build();
    List<float[]> results = new ArrayList<>();
    for (boolean again : new boolean[] {false, true}) {
      Stage stage = stage(network, 0, 2, 0.1, true);
      INDArray output = forward(stage, 0, rows(2, 5, 0)).dup();
      if (again) {
        stage.drop(0);
        stage.recompute(0);
        assertEquals(output, stage.output(0));
      }
      inputGradient(stage, 0, rows(2, 3, 1));
      stage.weightGradient(0);
      results.add(stage.weights().gradients(1).values());
    }
    assertArrayEquals(results.get(0), results.get(1), 0f);
  }

  @Test
  void theNetworksInputHasNoGradient() {
    Stage stage = whole();
    forward(stage, 0, rows(2, 5, 0));
    assertEquals(null, inputGradient(stage, 0, rows(2, 3, 1)));
  }

  @Test
  void backwardNeedsItsForwardAndTheWeightsTheirInputGradient() {
    Stage stage = whole();
    assertThrows(IllegalStateException.class, () -> inputGradient(stage, 0, rows(2, 3, 1)));
    forward(stage, 0, rows(2, 5, 0));
    assertThrows(IllegalStateException.class, () -> stage.weightGradient(0));
  }

  @Test
  void updatesWaitForEveryBackward() {
    Stage stage = whole();
    forward(stage, 0, rows(2, 5, 0));
    String message = assertThrows(IllegalStateException.class, stage::endMiniBatch).getMessage();
    assertTrue(message.contains("0"), message);
  }

  @Test
  void activationsAreHeldFromForwardToWeightGradient() {
    Stage stage = whole();
    forward(stage, 0, rows(2, 5, 0));
    forward(stage, 1, rows(2, 5, 0));
    inputGradient(stage, 0, rows(2, 3, 1));
    forward(stage, 2, rows(2, 5, 0));
    assertEquals(3, stage.held());
    stage.weightGradient(0);
    assertEquals(2, stage.held());
    inputGradient(stage, 1, rows(2, 3, 1));
    assertEquals(2, stage.held());
    stage.weightGradient(1);
    assertEquals(1, stage.held());
  }
}
