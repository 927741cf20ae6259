package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.cluster.Findings;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@LocalSpark(slots = 1)
class PlanResolutionTest {
  private static final int LAYERS = 12;
  private static final int WIDTHS = LAYERS + 1;

  private final SparkContext context;

  PlanResolutionTest(SparkSession spark) {
    this.context = spark.sparkContext();
  }

  /** Weights of which this process holds so many times as many bytes; nothing is allocated. */
  private Sequential network(double times) {
    double numbers = NativeMemory.available(context.getConf()) / times / Float.BYTES;
    int[] widths = new int[WIDTHS];
    Arrays.fill(widths, (int) Math.sqrt(numbers / LAYERS));
    return Sequential.perceptron(widths);
  }

  /** With Adam's state they fit, and not with packed copies, for which nothing can make room. */
  @Test
  void whatCannotBeDoneAgainToMakeRoomForCopiesIsTrainedWithoutThem() {
    Sequential network = network(4.5);
    for (String recompute : new String[] {"never", "auto"}) {
      PipelineParallelClassifier adam =
          Blobs.classifier()
              .setNetwork(network)
              .setNumStages(1)
              .setUpdater("adam")
              .setRecompute(recompute);
      PlanResolution resolution = new PlanResolution(adam, network, GpuUse.AUTO);
      TrainingPlan plan = resolution.fitted(context, resolution.resolve(context));
      assertTrue(resolution.needed(plan) <= NativeMemory.available(context.getConf()), plan::words);
      assertEquals(new Retention(false, true), plan.retention(), recompute);
      String explained =
          Explanation.of(
                  plan,
                  resolution.needed(plan),
                  Optional.empty(),
                  new Findings(List.of(), "on CPUs", ""),
                  Optional.empty())
              .toString();
      assertTrue(explained.contains("32 rows, weights packed at every use\n"), explained);
    }
  }

  @Test
  void allIsRetainedWhereItFits() {
    Sequential network = network(6.5);
    PipelineParallelClassifier adam =
        Blobs.classifier().setNetwork(network).setNumStages(1).setUpdater("adam");
    PlanResolution resolution = new PlanResolution(adam, network, GpuUse.AUTO);
    TrainingPlan plan = resolution.fitted(context, resolution.resolve(context));
    assertEquals(Retention.ALL, plan.retention());
    TrainingPlan validating =
        new PlanResolution(adam.setValidationIndicatorCol("held"), network, GpuUse.AUTO)
            .fitted(context, resolution.resolve(context));
    assertEquals(new Retention(true, false), validating.retention());
  }
}
