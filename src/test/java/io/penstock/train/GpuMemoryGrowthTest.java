package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.CudaGpu;
import io.penstock.compute.cuda.StandIn;
import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What two stages hold of a GPU after 1,000 steps is what they held after 100; then nothing. */
@Timeout(300)
class GpuMemoryGrowthTest {
  /** Of two, that no other test uses: the stand-in's counts of it are this test's. */
  private static final int GPU = 1;

  private static final int STEPS = 10;
  private static final int WARM_UP = 10;
  private static final int EPOCHS = 100;
  private static final int FRAMES = 12;
  private static final int LENGTH = 2;
  private static final int IDS = 5;

  /** What lies on a GPU, and of the host's memory is locked for it, and what handles there are. */
  private record Counts(long live, long locked, long events, long modules) {
    static Counts of(StandIn driver) {
      return new Counts(
          driver.count("live " + GPU),
          driver.count("locked"),
          driver.count("events"),
          driver.count("modules"));
    }

    /**
     * Whether nothing was left behind a step. How many frames lie in a pool at one time depends on
     * the threads' luck: as many more may be there as are on their way in one step.
     */
    boolean isWithin(Counts before) {
      return live <= before.live + FRAMES
          && locked <= before.locked + FRAMES
          && events <= before.events + FRAMES
          && modules <= before.modules;
    }
  }

  private static Sequential network() {
    Custom own =
        Custom.of(Shape.of(LENGTH, 4), (graph, x) -> x.mul(graph.getVariable("w")))
            .with("w", WeightInit.XAVIER.of(4, 4), 4);
    return Sequential.input(LENGTH)
        .embedding(IDS, 4)
        .transformerBlock(2, 4, true, 0.1)
        .layer(own)
        .lstm(4)
        .tiedDense(0, IDS)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static INDArray ids() {
    Random random = new Random(1);
    float[] all = new float[2 * STEPS * LENGTH];
    for (int i = 0; i < all.length; i++) {
      all[i] = random.nextInt(IDS);
    }
    return Nd4j.create(all, new long[] {2 * STEPS, LENGTH}, 'c');
  }

  @Test
  void nothingGrowsOverAThousandSteps() throws Exception {
    StandIn driver = StandIn.fresh();
    driver.order("devices", 2);
    Counts closed = Counts.of(driver);
    assertEquals(0, closed.live());
    Sequential network = network();
    TrainingPlan plan =
        new TrainingPlan(
            "",
            Updater.adam(0.001).with(UpdateOptions.NONE.withClipNorm(1)).toJson(),
            List.of(0, network.layers().size() - 2),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 2)),
            2,
            EPOCHS,
            7);
    Counts[] counts = new Counts[2];
    AtomicInteger epochs = new AtomicInteger();
    CyclicBarrier between =
        new CyclicBarrier(
            2,
            () -> {
              int done = epochs.incrementAndGet();
              if (done == WARM_UP) {
                counts[0] = Counts.of(driver);
              } else if (done == EPOCHS) {
                counts[1] = Counts.of(driver);
              }
            });
    try (CudaDevice gpu = CudaDevice.open(CudaGpu.at(GPU))) {
      new LocalPipeline(network, ids(), ids())
          .on(gpu)
          .run(plan, Optional.empty(), InitialState.BORN, report -> await(between));
      assertEquals(0, driver.count("live " + GPU));
    }
    assertTrue(counts[1].isWithin(counts[0]), counts[0] + " have become " + counts[1]);
    assertEquals(closed, Counts.of(driver));
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
