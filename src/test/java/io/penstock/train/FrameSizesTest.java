package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.balance.Cut;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameSizesTest {
  private static final int WIDEST = Double.BYTES;

  @Test
  void theLargestIsWhatCrossesACutAndNotWhatEntersOrLeavesTheNetwork() {
    Sequential network = Sequential.perceptron(1000, 8, 6, 300);
    assertEquals(WIDEST * 7 * 8, new FrameSizes(network, new Cut(List.of(0, 2), 5), 7).largest());
    assertEquals(
        WIDEST * 7 * 8, new FrameSizes(network, new Cut(List.of(0, 2, 4), 5), 7).largest());
    assertEquals(WIDEST * 7 * 6, new FrameSizes(network, new Cut(List.of(0, 4), 5), 7).largest());
  }

  @Test
  void oneStageSendsNoMoreThanANumberALayer() {
    Sequential network = Sequential.perceptron(1000, 8, 6, 300);
    assertEquals(WIDEST * 5, new FrameSizes(network, new Cut(List.of(0), 5), 7).largest());
  }

  @Test
  void skipsAndSharedWeightsCount() {
    Sequential tied =
        Sequential.input(200)
            .dense(3)
            .dense(3)
            .tiedDense(0, 200)
            .loss(Losses.squaredError())
            .build();
    // Of the owner: 200 by 3 weights, 3 biases.
    assertEquals(WIDEST * 603, new FrameSizes(tied, new Cut(List.of(0, 2), 3), 2).largest());
    Sequential skipped =
        Sequential.input(5)
            .dense(40)
            .save("s")
            .dense(3)
            .dense(40)
            .addSaved("s")
            .loss(Losses.squaredError())
            .build();
    int layers = skipped.layers().size();
    assertEquals(
        WIDEST * 7 * 40, new FrameSizes(skipped, new Cut(List.of(0, 3), layers), 7).largest());
  }

  @Test
  void aPlanKnowsTheRowsOfItsLargestMicroBatch() {
    Sequential network = Sequential.perceptron(4, 8, 3);
    TrainingPlan plan =
        new TrainingPlan(
            network.toJson(),
            Updater.sgd(0.1).toJson(),
            List.of(0, 2),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 4)),
            30,
            1,
            7);
    assertEquals(WIDEST * 8 * 8, plan.largestFrame(), "30 rows in 4 are 8, 8, 7 and 7");
  }
}
