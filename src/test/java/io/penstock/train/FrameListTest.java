package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.feed.MiniBatches;
import io.penstock.link.FramePlan;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sizes of the largest frames; that there are no others, all runs of the tests show. */
class FrameListTest {
  private static final int MICRO_BATCHES = 4;
  private static final int BATCH = 30;
  private static final int ROWS = 8; // 30 rows in 4 are 8, 8, 7 and 7
  private static final Updater SGD = Updater.sgd(0.1);

  private static long largest(Sequential network, Updater updater, int rank, Integer... starts) {
    TrainingPlan plan =
        new TrainingPlan(
            network.toJson(),
            updater.toJson(),
            List.of(starts),
            TrainingPlan.lowerAndVerify(Schedules.generate("gpipe", starts.length, MICRO_BATCHES)),
            BATCH,
            1,
            7);
    assertEquals(ROWS, MiniBatches.mostRows(network, BATCH, MICRO_BATCHES));
    FramePlan frames = FrameList.forRank(rank, plan);
    return frames.mostBytes();
  }

  @Test
  void activationsAndGradientsOfTheLargestMicroBatchCross() {
    Sequential network = Sequential.perceptron(1000, 8, 6, 300);
    assertEquals(Float.BYTES * ROWS * 8, largest(network, SGD, 0, 0, 2, 4));
    assertEquals(Float.BYTES * ROWS * 8, largest(network, SGD, 1, 0, 2, 4));
    assertEquals(Float.BYTES * ROWS * 6, largest(network, SGD, 2, 0, 2, 4));
  }

  @Test
  void oneStageIsSentNothing() {
    assertEquals(0, largest(Sequential.perceptron(1000, 8, 6, 300), SGD, 0, 0));
  }

  @Test
  void clippingSendsADoubleOfEveryLayer() {
    Sequential network = Sequential.input(4).dense(1).dense(1).loss(Losses.squaredError()).build();
    Updater clipping = SGD.with(UpdateOptions.NONE.withClipNorm(1));
    assertEquals(Float.BYTES * ROWS, largest(network, clipping, 1, 0, 1));
    Sequential deep = Sequential.perceptron(1, 1, 1, 1, 1, 1, 1, 1, 2);
    int layers = deep.layers().size();
    assertEquals(Double.BYTES * layers, largest(deep, clipping, 1, 0, 1));
  }

  @Test
  void skipsAndSharedWeightsCross() {
    Sequential tied =
        Sequential.input(200)
            .dense(3)
            .dense(3)
            .tiedDense(0, 200)
            .loss(Losses.squaredError())
            .build();
    // Of the owner: 200 by 3 weights, 3 biases.
    assertEquals(Float.BYTES * 603, largest(tied, SGD, 0, 0, 2));
    Sequential skipped =
        Sequential.input(5)
            .dense(40)
            .save("s")
            .dense(3)
            .dense(40)
            .addSaved("s")
            .loss(Losses.squaredError())
            .build();
    assertEquals(Float.BYTES * ROWS * 40, largest(skipped, SGD, 1, 0, 3));
  }
}
