package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.array.Loan;
import io.penstock.compute.Workspace;
import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Networks of pictures, whose batch normalisation has statistics beside its weights. */
@Timeout(120)
class PictureEqualityTest {
  private static final int ROWS = 29; // The last mini-batch of 12 has 5 rows.
  private static final int WIDTH = 6;
  private static final Sequential NETWORK =
      Sequential.input(1, WIDTH, WIDTH)
          .convolution(8, Window.of(3, 3).same())
          .batchNorm()
          .activation(Activation.RELU)
          .maxPool(Window.of(2, 2).apart())
          .convolution(16, Window.of(3, 3).withPadding(1), Activation.RELU)
          .batchNorm()
          .averagePool(Window.of(2, 2))
          .globalMaxPool()
          .batchNorm()
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static INDArray pictures(int rows) {
    Random random = new Random(3);
    float[] numbers = new float[rows * WIDTH * WIDTH];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian() + 2;
    }
    return Nd4j.create(numbers, new long[] {rows, WIDTH * WIDTH}, 'c');
  }

  @ParameterizedTest(name = "{0} micro-batches")
  @ValueSource(ints = {1, 3, 4})
  void stagesAndSchedulesChangeNoBit(int microBatches) throws Exception {
    float[] labels = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 3;
    }
    LocalPipeline pipeline =
        new LocalPipeline(NETWORK, pictures(ROWS), Nd4j.create(labels, new long[] {ROWS, 1}, 'c'));
    Updater updater = Updater.adam(0.01);
    Map<Integer, float[]> one =
        LocalPipeline.weights(
            pipeline.train(Schedules.generate("gpipe", 1, microBatches), 12, 2, updater));
    float[] last = one.get(9);
    assertEquals(6, last[last.length - 1], "updates of the statistics");
    for (int stages = 1; stages <= 3; stages++) {
      for (String id : List.of("gpipe", "1f1b", "zb-h1", "zb-v")) {
        Schedule schedule = Schedules.generate(id, stages, microBatches);
        if (!schedule.isForwardOnly()) {
          Map<Integer, float[]> some =
              LocalPipeline.weights(pipeline.train(schedule, 12, 2, updater));
          assertEquals(one.keySet(), some.keySet());
          String what = id + " on " + stages + " stages, layer ";
          one.forEach((layer, all) -> assertArrayEquals(all, some.get(layer), 0f, what + layer));
        }
      }
    }
  }

  @Test
  void statisticsAreThoseOfTheWholeMiniBatch() {
    Sequential network =
        Sequential.input(1, WIDTH, WIDTH)
            .convolution(8, Window.of(3, 3))
            .batchNorm()
            .globalAveragePool()
            .loss(Losses.squaredError())
            .build();
    float[] whole = statistics(network, 1);
    assertArrayEquals(whole, statistics(network, 2), 1e-6f);
    assertArrayEquals(whole, statistics(network, 3), 1e-6f);
    assertArrayEquals(whole, statistics(network, 4), 1e-6f);
  }

  /** Running means and variances after two steps. */
  private static float[] statistics(Sequential network, int microBatches) {
    int layers = network.layers().size();
    StageWeights weights = new StageWeights(network, 0, layers, Updater.sgd(1e-9), 1);
    Workspace pool = new Workspace();
    Stage stage = new Stage(network, 0, layers, weights, 1, true, pool);
    INDArray rows = pictures(24);
    int each = 24 / microBatches;
    for (int step = 0; step < 2; step++) {
      for (int i = 0; i < microBatches; i++) {
        INDArray part =
            rows.get(NDArrayIndex.interval(i * each, (i + 1) * each), NDArrayIndex.all()).dup('c');
        INDArray output = stage.forward(step, i, Loan.of(part, back -> {}), Map.of());
        stage.inputGradient(i, Loan.of(output.mul(0.01), back -> {}), Map.of());
        stage.weightGradient(i);
      }
      stage.endMiniBatch();
      weights.update(step, 0, new NumberWatch(network, null, pool), pool);
    }
    Parameters parameters = weights.of(1);
    return Nd4j.concat(0, parameters.get("mean"), parameters.get("variance")).data().asFloat();
  }
}
