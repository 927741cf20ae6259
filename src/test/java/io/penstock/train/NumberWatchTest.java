package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.checkpoint.TrainingState;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Numbers that go bad end the run where they came up first, whatever its stages and schedule. */
@Timeout(180)
class NumberWatchTest {
  private static final int ROWS = 24;

  /** Layers 0, 2, 4 and 6 have weights. */
  private static final Sequential NETWORK =
      Sequential.input(6)
          .save("input")
          .dense(8, Activation.RELU)
          .dense(6, Activation.RELU)
          .addSaved("input")
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final Sequential LINE =
      Sequential.input(1).layer(new Dense(1, false, 1)).loss(Losses.squaredError()).build();

  static Stream<Schedule> schedules() {
    return Stream.of("gpipe", "1f1b", "zb-h1", "looped-bfs")
        .flatMap(id -> Stream.of(1, 2, 3).map(ranks -> Schedules.generate(id, ranks, 4)));
  }

  private static LocalPipeline rows(Sequential network, double size) {
    Random random = new Random(3);
    INDArray features = Nd4j.create(ROWS, 6);
    INDArray labels = Nd4j.create(ROWS, 1);
    for (int row = 0; row < ROWS; row++) {
      labels.putScalar(row, 0, random.nextInt(3));
      for (int i = 0; i < 6; i++) {
        features.putScalar(row, i, size * (0.5 + random.nextDouble()));
      }
    }
    return new LocalPipeline(network, features, labels);
  }

  private static TrainingPlan plan(Sequential network, Schedule schedule, Updater updater) {
    return new TrainingPlan(
        network.toWire(),
        updater.toJson(),
        Partitioner.partition(LayerCosts.flops(network), schedule.stages()).starts(),
        TrainingPlan.lowerAndVerify(schedule),
        ROWS / 2,
        3,
        7);
  }

  private static DivergedException diverged(LocalPipeline rows, TrainingPlan plan) {
    ExecutionException thrown = assertThrows(ExecutionException.class, () -> rows.run(plan));
    return assertInstanceOf(DivergedException.class, thrown.getCause());
  }

  private static void assertAt(int epoch, int step, int layer, DivergedException thrown) {
    assertEquals(epoch, thrown.epoch(), thrown.getMessage());
    assertEquals(step, thrown.step(), thrown.getMessage());
    assertEquals(layer, thrown.layer(), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("Try a smaller learning rate"), thrown.getMessage());
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void featuresTooLargeAreToldByTheLayerThatMadeTheFirstBadNumber(Schedule schedule) {
    DivergedException thrown =
        diverged(rows(NETWORK, 2e38), plan(NETWORK, schedule, Updater.sgd(0.01)));
    assertAt(0, 0, 1, thrown);
    assertTrue(
        thrown.getMessage().startsWith("Training ended in epoch 1, step 1 of 2, where"),
        thrown.getMessage());
    assertTrue(thrown.getMessage().contains("of the output are not finite"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains(" layer 1, Dense"), thrown.getMessage());
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void aLearningRateTooLargeEndsTheRunInTheSecondStep(Schedule schedule) {
    DivergedException thrown =
        diverged(rows(NETWORK, 1), plan(NETWORK, schedule, Updater.sgd(1e15)));
    assertAt(0, 1, 6, thrown);
    // A rate that no float holds: all ranks find it in the same moment, and any may be heard first.
    DivergedException first =
        diverged(rows(NETWORK, 1), plan(NETWORK, schedule, Updater.sgd(1e300)));
    assertAt(0, 0, schedule.ranks().size() == 1 ? 6 : first.layer(), first);
    assertTrue(first.getMessage().contains("after the update, "), first.getMessage());
  }

  private static LocalPipeline line(double x, double t) {
    long[] shape = {4, 1};
    return new LocalPipeline(
        LINE, Nd4j.valueArrayOf(shape, (float) x), Nd4j.valueArrayOf(shape, (float) t));
  }

  private static TrainingPlan linePlan(Updater updater) {
    Schedule schedule = TrainingPlan.lowerAndVerify(Schedules.generate("gpipe", 1, 2));
    return new TrainingPlan(LINE.toWire(), updater.toJson(), List.of(0), schedule, 4, 2, 7);
  }

  private static InitialWeights given(float weight) {
    return new InitialWeights(NetworkWeights.inMemory(Map.of(0, new float[] {weight})));
  }

  private static List<RankResult> line(double x, double weight, Updater updater) throws Exception {
    InitialWeights from = given((float) weight);
    return line(x, 0).run(linePlan(updater), Optional.empty(), from, report -> {});
  }

  private static DivergedException lineDiverges(double x, double weight, Updater updater) {
    ExecutionException thrown =
        assertThrows(ExecutionException.class, () -> line(x, weight, updater));
    return assertInstanceOf(DivergedException.class, thrown.getCause());
  }

  @Test
  void aGradientThatIsInfiniteIsToldThoughTheLossIsFinite() {
    DivergedException thrown = lineDiverges(1e20, 1, Updater.sgd(1e-30));
    assertAt(0, 0, 0, thrown);
    assertTrue(
        thrown.getMessage().contains("in the gradient, 1 of 1 number of weights are not"),
        thrown.getMessage());
  }

  /** Its square would be remembered as infinite, and the weight would not move any more. */
  @Test
  void aGradientThatCannotBeSquaredIsToldWhereTheUpdaterSquaresIt() throws Exception {
    DivergedException thrown = lineDiverges(1e12, 1, Updater.adam(0.1));
    assertAt(0, 0, 0, thrown);
    assertTrue(thrown.getMessage().contains("too large to be squared"), thrown.getMessage());
    assertEquals(2, line(1e12, 1, Updater.sgd(1e-25)).get(0).stepLosses().length);
    Updater clipped = Updater.adam(0.1).with(UpdateOptions.NONE.withClipNorm(1));
    assertEquals(2, line(1e12, 1, clipped).get(0).stepLosses().length);
  }

  @Test
  void whatGoesBadInAnEpochIsNotHandedOn() {
    List<Integer> learnt = new CopyOnWriteArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public boolean writesCheckpoints() {
            return true;
          }

          @Override
          public boolean isCheckpointDue(int step, int epoch, boolean epochDone) {
            return epochDone;
          }

          @Override
          public void checkpoint(TrainingState run, Map<Integer, LayerState> layers) {
            learnt.add(run.epoch() - 1);
          }

          @Override
          public void epochDone(EpochReport report) {}
        };
    // Each epoch is a step, which makes the weight 1e15 times as large.
    assertThrows(
        ExecutionException.class,
        () -> line(1, 0).run(linePlan(Updater.sgd(1e15)), Optional.empty(), given(1), progress));
    assertEquals(List.of(0), learnt);
  }

  @Test
  void validationRowsThatCannotBeScoredEndTheRunToo() {
    for (int stages = 1; stages <= 2; stages++) {
      TrainingPlan plan = plan(NETWORK, Schedules.generate("1f1b", stages, 4), Updater.sgd(0.01));
      Optional<LocalPipeline> held = Optional.of(rows(NETWORK, 2e38));
      ExecutionException thrown =
          assertThrows(
              ExecutionException.class,
              () -> rows(NETWORK, 1).run(plan, held, InitialState.BORN, report -> {}));
      DivergedException cause = assertInstanceOf(DivergedException.class, thrown.getCause());
      assertAt(0, 0, 1, cause);
      assertTrue(cause.getMessage().contains("step 1 of 2 of validation"), cause.getMessage());
    }
  }

  @Test
  void whatALinkMakesInfiniteIsToldOfTheLink() throws Exception {
    LocalPipeline rows = rows(NETWORK, 1e6);
    TrainingPlan plan = plan(NETWORK, Schedules.generate("1f1b", 2, 4), Updater.sgd(1e-9));
    assertFalse(rows.run(plan).isEmpty());
    assertFalse(rows.run(plan.withLinkPrecision(LinkPrecision.BFLOAT16)).isEmpty());
    DivergedException thrown = diverged(rows, plan.withLinkPrecision(LinkPrecision.FLOAT16));
    assertEquals(-1, thrown.layer());
    assertTrue(thrown.getMessage().contains("linkPrecision float16"), thrown.getMessage());
  }
}
