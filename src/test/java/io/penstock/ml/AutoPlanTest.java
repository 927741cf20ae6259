package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.Prediction;
import io.penstock.balance.Profile;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoPlanTest {
  private static final Sequential NETWORK = Sequential.perceptron(64, 64, 64, 64);
  private static final int ROWS = 8;

  private static Prediction predicted(TrainingPlan plan) {
    Updater updater = Updater.fromJson(plan.updaterJson());
    Profile profile = Profile.guessed(NETWORK, updater, true);
    return new AutoPlan(
            null,
            NETWORK,
            updater,
            LinkPrecision.FLOAT32,
            DeviceDemand.of(GpuUse.AUTO),
            resolved -> 0,
            true)
        .predicted(new MeasuredRack(profile, List.of()), ROWS, plan);
  }

  /** Weight gradients that are last keep all activations, and the gradients go. */
  @Test
  void aPlanIsForetoldAsItsRanksRetain() {
    TrainingPlan all =
        new TrainingPlan(
            NETWORK.toJson(),
            Updater.sgd(0.1).toJson(),
            List.of(0, 2),
            TrainingPlan.lowerAndVerify(Schedules.generate("gpipe", 2, 4)),
            ROWS,
            1,
            7);
    Prediction whole = predicted(all);
    Prediction one = predicted(all.withRetention(new Retention(true, false)));
    long gradients = Float.BYTES * (NETWORK.parameterCount(2) + NETWORK.parameterCount(4));
    assertEquals(gradients, whole.bytes() - one.bytes());
    assertTrue(one.seconds() > 0);
  }
}
