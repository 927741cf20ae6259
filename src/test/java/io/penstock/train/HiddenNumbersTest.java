package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedules;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Numbers that overflow end a run wherever the network is cut, though the next layer hides them.
 */
class HiddenNumbersTest {
  private static final int WIDTH = 512;
  private static final int ROWS = 16;

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "TANH", "SIGMOID", "ELU"})
  void whetherARunGoesOnDoesNotHangOnTheCut(Activation activation) throws Exception {
    Sequential network =
        Sequential.input(WIDTH)
            .dense(1, activation)
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    float[] features = new float[ROWS * WIDTH];
    float[] labels = new float[ROWS];
    Random random = new Random(1);
    for (int i = 0; i < features.length; i++) {
      float one = (float) random.nextGaussian();
      features[i] = i < WIDTH ? Math.copySign(Float.MAX_VALUE, one) : one;
    }
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 2;
    }
    for (List<Integer> cut : List.of(List.of(0), List.of(0, 1), List.of(0, 2))) {
      LocalPipeline pipeline =
          new LocalPipeline(
              network,
              Nd4j.create(features, new long[] {ROWS, WIDTH}, 'c'),
              Nd4j.create(labels, new long[] {ROWS, 1}, 'c'));
      Exception failure =
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
      Throwable cause = failure;
      while (cause.getCause() != null && !(cause instanceof DivergedException)) {
        cause = cause.getCause();
      }
      assertInstanceOf(DivergedException.class, cause, cut.toString());
      assertTrue(cause.getMessage().contains("layer 0, Dense"), cause.getMessage());
    }
  }
}
