package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run that goes on from a checkpoint, with other stages and another schedule, ends bit for bit as
 * the undisturbed one.
 */
@Timeout(300)
class ResumeEqualityTest {
  private static final int ROWS = 27;
  private static final int BATCH = 8;
  private static final int STEPS = 4;
  private static final int EPOCHS = 3;
  private static final int MICRO_BATCHES = 4;

  /** Dropout, statistics, skips and shared weights: all that has a state or a key. */
  private static final Sequential NETWORK =
      Sequential.input(8)
          .dense(16, Activation.TANH)
          .save("wide")
          .dense(8)
          .batchNorm()
          .dropout(0.2)
          .dense(16, Activation.RELU)
          .addSaved("wide")
          .tiedDense(0, 8)
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  /** A rate that falls from step to step, moments, and a norm over all stages. */
  private static final Updater OPTIMIZER =
      Updater.adam(0.02)
          .with(UpdateOptions.NONE.withClipNorm(0.5).withWarmUp(3).withDecay(RateDecay.COSINE, 0));

  @TempDir Path directory;

  private static LocalPipeline rows(int count, long seed) {
    return LocalPipeline.ofClasses(NETWORK, count, 8, 4, seed);
  }

  private static TrainingPlan plan(Schedule schedule, Recomputation recomputation) {
    return new TrainingPlan(
            NETWORK.toWire(),
            OPTIMIZER.toJson(),
            Partitioner.partition(LayerCosts.flops(NETWORK), schedule.stages()).starts(),
            TrainingPlan.lowerAndVerify(schedule, recomputation),
            BATCH,
            EPOCHS,
            7)
        .stopping(new EarlyStopping(2, 0.01));
  }

  /** What a run ends with, and the losses of its epochs. */
  private record Ended(List<RankResult> ranks, List<Double> epochs) {}

  private static Ended run(TrainingPlan plan, InitialState from) throws Exception {
    Queue<EpochReport> reports = new ConcurrentLinkedQueue<>();
    List<RankResult> ranks = rows(ROWS, 3).run(plan, Optional.of(rows(13, 4)), from, reports::add);
    return new Ended(
        ranks,
        reports.stream()
            .filter(report -> report.weight() > 0)
            .map(report -> report.lossSum() / report.weight())
            .toList());
  }

  static Stream<Schedule> schedules() {
    List<Schedule> all = new ArrayList<>();
    for (String id : Schedules.ids()) {
      for (int ranks = 1; ranks <= 3; ranks++) {
        try {
          all.add(Schedules.generate(ScheduleRequest.of(id, ranks, MICRO_BATCHES)));
        } catch (IllegalArgumentException notOnSoMany) {
          continue;
        }
      }
    }
    return all.stream().filter(schedule -> !schedule.isForwardOnly());
  }

  /** Each schedule writes at one step, and the one before it in the list goes on from there. */
  @ParameterizedTest
  @MethodSource("schedules")
  void aRunGoesOnWithOtherStagesAndAnotherScheduleBitForBit(Schedule schedule) throws Exception {
    List<Schedule> all = schedules().toList();
    int index =
        all.stream()
            .map(one -> one.name() + one.ranks())
            .toList()
            .indexOf(schedule.name() + schedule.ranks());
    Schedule other = all.get((index + all.size() / 2) % all.size());
    Ended undisturbed =
        run(
            plan(Schedules.generate("gpipe", 1, MICRO_BATCHES), Recomputation.NEVER),
            InitialState.BORN);
    for (int step : new int[] {1 + index % STEPS, STEPS, STEPS + 1 + index % (STEPS - 1)}) {
      TrainingPlan first = plan(schedule, Recomputation.NEVER);
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
      Ended wentOn = run(plan(other, Recomputation.ALWAYS), checkpoint.saved());
      String what = schedule.name() + " then " + other.name() + " after step " + step;
      LocalPipeline.assertSameWeights(undisturbed.ranks(), wentOn.ranks(), what);
      assertArrayEquals(
          LocalPipeline.losses(undisturbed.ranks()), LocalPipeline.losses(wentOn.ranks()), 0, what);
      assertEquals(undisturbed.ranks().get(0).bestEpoch(), wentOn.ranks().get(0).bestEpoch(), what);
      int done = undisturbed.epochs().size() - wentOn.epochs().size();
      assertEquals(step / STEPS, done, what);
      assertEquals(
          undisturbed.epochs().subList(done, undisturbed.epochs().size()), wentOn.epochs(), what);
    }
  }
}
