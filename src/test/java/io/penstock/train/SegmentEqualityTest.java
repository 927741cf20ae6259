package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Segmentation;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.generate.Schedules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Segments, whichever of them are done again, change no bit, under every schedule and cut. */
@Timeout(300)
class SegmentEqualityTest {
  private static final int ROWS = 21;
  private static final int BATCH = 8;
  private static final int STEPS = 3;
  private static final int EPOCHS = 2;
  private static final int MICRO_BATCHES = 4;

  /** Dropout, statistics, skips within and over stages, shared weights, layers of layers. */
  private static final Sequential NETWORK =
      Sequential.input(8)
          .save("input")
          .dense(16, Activation.TANH)
          .save("wide")
          .dense(8)
          .batchNorm()
          .addSaved("input")
          .dropout(0.2)
          .dense(16, Activation.RELU)
          .residual(Dense.of(16), Dense.of(16))
          .addSaved("wide")
          .tiedDense(1, 8)
          .dropout(0.1)
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final Updater OPTIMIZER =
      Updater.adam(0.02).with(UpdateOptions.NONE.withClipNorm(0.5));

  /** On one device, in one stage. */
  private static List<RankResult> one;

  @TempDir Path directory;

  @BeforeAll
  static void onOneDevice() throws Exception {
    one = run(plan(List.of(0), Schedules.generate("gpipe", 1, MICRO_BATCHES)), InitialState.BORN);
  }

  private static LocalPipeline rows(int count, long seed) {
    return LocalPipeline.ofClasses(NETWORK, count, 8, 4, seed);
  }

  /** A cut anywhere, of which the stages are segments of whole ones of one layer or more. */
  private static TrainingPlan plan(Schedule schedule, Random random) {
    int layers = NETWORK.layers().size();
    List<Integer> others = new ArrayList<>(IntStream.range(1, layers).boxed().toList());
    Collections.shuffle(others, random);
    TreeSet<Integer> wholes = new TreeSet<>(others.subList(0, schedule.stages() - 1));
    TreeSet<Integer> starts = new TreeSet<>(wholes);
    wholes.add(0);
    starts.add(0);
    starts.addAll(others.subList(0, random.nextInt(layers)));
    List<List<Boolean>> recomputed = new ArrayList<>();
    for (int start : starts) {
      if (wholes.contains(start)) {
        recomputed.add(new ArrayList<>());
      }
      recomputed.get(recomputed.size() - 1).add(random.nextInt(3) > 0);
    }
    Schedule divided = new Segmentation(recomputed).in(WeightGradientOrder.order(schedule));
    return plan(List.copyOf(starts), divided);
  }

  private static TrainingPlan plan(List<Integer> starts, Schedule schedule) {
    return new TrainingPlan(
        NETWORK.toWire(),
        OPTIMIZER.toJson(),
        starts,
        TrainingPlan.lowerAndVerify(schedule),
        BATCH,
        EPOCHS,
        7);
  }

  private static TrainingPlan offloaded(TrainingPlan plan) {
    return plan.recut(plan.stageStarts(), Offloading.in(plan.schedule()));
  }

  private static List<RankResult> run(TrainingPlan plan, InitialState from) throws Exception {
    return rows(ROWS, 3).run(plan, Optional.of(rows(13, 4)), from, report -> {});
  }

  static Stream<Schedule> schedules() {
    return EverySchedule.of(3, 2, MICRO_BATCHES);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void segmentsChangeNoBitOnDiskOrNotAndKeepWhatTheVerifierSays(Schedule schedule)
      throws Exception {
    Random random = new Random(schedule.ranks().size());
    for (int i = 0; i < 2; i++) {
      TrainingPlan plan = plan(schedule, random);
      plan = i == 0 ? plan : offloaded(plan);
      List<RankResult> some = run(plan, InitialState.BORN);
      String what = schedule.name() + ", " + plan.words() + ", " + plan.schedule().ranks();
      assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0, what);
      LocalPipeline.assertSameWeights(one, some, what);
      assertEquals(
          Verifier.verify(plan.schedule()).activations(),
          some.stream().map(RankResult::peakActivations).toList(),
          what + ": activations held");
    }
  }

  @Test
  void replicasInSegmentsLearnWhatTheyDoInWholeStages() throws Exception {
    for (boolean shards : new boolean[] {false, true}) {
      Replication two = new Replication(2, 2, shards);
      Schedule half = Schedules.generate("1f1b", 2, MICRO_BATCHES / 2);
      TrainingPlan whole = plan(List.of(0, 5), half).withReplication(two);
      List<RankResult> expected = run(whole, InitialState.BORN);
      Random random = new Random(1);
      for (int i = 0; i < 3; i++) {
        TrainingPlan own = plan(half, random).withReplication(two);
        TrainingPlan plan =
            own.recut(own.stageStarts(), Offloading.in(own.schedule()), own.replication());
        List<RankResult> some = run(plan, InitialState.BORN);
        String what = plan.words() + ", " + plan.schedule().ranks();
        assertArrayEquals(LocalPipeline.losses(expected), LocalPipeline.losses(some), 0, what);
        LocalPipeline.assertSameWeights(expected, some, what);
      }
    }
  }

  /** What is written by one segmentation is read by another, on as many ranks or fewer. */
  @Test
  void aRunGoesOnInOtherSegmentsBitForBit() throws Exception {
    Random random = new Random(5);
    for (int step = 1; step < STEPS * EPOCHS; step++) {
      TrainingPlan first = plan(Schedules.generate("1f1b", 2, MICRO_BATCHES), random);
      OneCheckpoint checkpoint =
          new OneCheckpoint(
              directory.resolve("step-" + step).toUri().toString(), step, first.ranks());
      ExecutionException killed =
          assertThrows(
              ExecutionException.class,
              () ->
                  rows(ROWS, 3)
                      .run(first, Optional.of(rows(13, 4)), InitialState.BORN, checkpoint));
      assertInstanceOf(OneCheckpoint.Killed.class, killed.getCause());
      TrainingPlan second = plan(Schedules.generate("zb-v", 1 + step % 2, MICRO_BATCHES), random);
      List<RankResult> wentOn = run(second, checkpoint.saved());
      String what = "from " + first.words() + " to " + second.words() + " after step " + step;
      LocalPipeline.assertSameWeights(one, wentOn, what);
      assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(wentOn), 0, what);
    }
  }
}
