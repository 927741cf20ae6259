package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.Metric;
import io.penstock.nn.Parameters;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is measured on validation rows, and what follows from it, is the same on all stages. */
@Timeout(120)
class ValidationEqualityTest {
  private static final int BATCH = 16;
  private static final int MICRO_BATCHES = 6;

  /** Dropout, running statistics, a skip and shared weights: what differs outside of training. */
  private static final Sequential NETWORK =
      Sequential.input(8)
          .save("input")
          .dense(8, Activation.TANH)
          .batchNorm()
          .addSaved("input")
          .dropout(0.4)
          .tiedDense(1, 8)
          .activation(Activation.RELU)
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final LocalPipeline TRAINING = rows(45, 3);
  private static final LocalPipeline VALIDATION = rows(37, 4);

  private static LocalPipeline rows(int count, long seed) {
    Random random = new Random(seed);
    float[] features = new float[count * 8];
    float[] labels = new float[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(4);
      for (int j = 0; j < 8; j++) {
        features[8 * i + j] = (float) random.nextGaussian() + (j == labels[i] ? 1 : 0);
      }
    }
    return new LocalPipeline(
        NETWORK,
        Nd4j.create(features, new long[] {count, 8}, 'c'),
        Nd4j.create(labels, new long[] {count, 1}, 'c'));
  }

  /** What a run found: by epoch, on the rank of the last stage. */
  private record Found(List<RankResult> ranks, List<Validation> epochs) {}

  private static TrainingPlan plan(Schedule schedule, int epochs, double learningRate) {
    return new TrainingPlan(
        NETWORK.toWire(),
        Updater.adam(learningRate).toJson(),
        Partitioner.partition(LayerCosts.flops(NETWORK), schedule.stages()).starts(),
        TrainingPlan.lowerAndVerify(schedule, Recomputation.NEVER),
        BATCH,
        epochs,
        7);
  }

  private static Found run(TrainingPlan plan) throws Exception {
    Queue<EpochReport> reports = new ConcurrentLinkedQueue<>();
    List<RankResult> ranks =
        TRAINING.run(plan, Optional.of(VALIDATION), InitialState.BORN, reports::add);
    return new Found(
        ranks, reports.stream().map(EpochReport::validation).filter(Objects::nonNull).toList());
  }

  static Stream<Schedule> schedules() {
    List<Schedule> all = new ArrayList<>();
    for (String id : Schedules.ids()) {
      for (int ranks = 1; ranks <= 3; ranks++) {
        all.add(Schedules.generate(ScheduleRequest.of(id, ranks, MICRO_BATCHES)));
      }
    }
    return all.stream().filter(schedule -> !schedule.isForwardOnly());
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void stagesAndSchedulesChangeNoBitOfTheValidation(Schedule schedule) throws Exception {
    Found one = run(plan(Schedules.generate("gpipe", 1, MICRO_BATCHES), 3, 0.01));
    Found some = run(plan(schedule, 3, 0.01));
    assertEquals(3, one.epochs().size());
    assertEquals(one.epochs(), some.epochs());
    LocalPipeline.assertSameWeights(one.ranks(), some.ranks(), schedule.name());
    assertEquals(
        List.of(one.ranks().get(0).bestEpoch()),
        some.ranks().stream().map(RankResult::bestEpoch).distinct().toList());
  }

  @Test
  void trainingIsTheSameWithAndWithoutValidation() throws Exception {
    TrainingPlan plan = plan(Schedules.generate("1f1b", 3, MICRO_BATCHES), 3, 0.01);
    assertArrayEquals(
        LocalPipeline.losses(TRAINING.run(plan)), LocalPipeline.losses(run(plan).ranks()));
  }

  @Test
  void itIsTheLossAndMetricOfTheNetworkAsItIsThenAndNothingIsRandom() throws Exception {
    TrainingPlan plan = plan(Schedules.generate("1f1b", 2, MICRO_BATCHES), 1, 0.01);
    Validation found = run(plan).epochs().get(0);
    Map<Integer, float[]> weights = LocalPipeline.weights(TRAINING.run(plan));
    List<Parameters> parameters =
        IntStream.range(0, NETWORK.layers().size())
            .mapToObj(
                layer ->
                    new InitialWeights(NetworkWeights.inMemory(weights))
                        .parameters(NETWORK, layer, 7))
            .toList();
    INDArray output = NETWORK.output(parameters, VALIDATION.features());
    Metric metric = NETWORK.loss().metric();
    assertEquals(37, found.rows());
    assertEquals("accuracy", found.metric());
    assertEquals(NETWORK.loss().score(output, VALIDATION.labels()) / 37, found.loss(), 1e-6);
    assertEquals(
        metric.sum(output, VALIDATION.labels(), SampleWeights.ONE) / 37, found.value(), 1e-12);
  }

  @Test
  void theWeightsInTheEndAreThoseOfTheBestEpoch() throws Exception {
    Schedule schedule = Schedules.generate("1f1b", 3, MICRO_BATCHES);
    Found all = run(plan(schedule, 12, 0.05));
    int best = best(all.epochs());
    assertTrue(best < 11, "the test's rate is too small to overfit");
    assertEquals(best, all.ranks().get(0).bestEpoch());
    List<RankResult> until = TRAINING.run(plan(schedule, best + 1, 0.05));
    LocalPipeline.assertSameWeights(until, all.ranks(), "weights of epoch " + best);
  }

  private static int best(List<Validation> epochs) {
    int best = 0;
    for (int i = 1; i < epochs.size(); i++) {
      best = epochs.get(i).loss() < epochs.get(best).loss() ? i : best;
    }
    return best;
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void allRanksLeaveAfterTheSameEpoch(Schedule schedule) throws Exception {
    TrainingPlan plan = plan(schedule, 1_000_000 / 3, 0.05).stopping(new EarlyStopping(2, 0));
    Found stopped = run(plan);
    int best = best(stopped.epochs());
    assertEquals(best + 3, stopped.epochs().size(), "two in a row that are no better");
    for (RankResult rank : stopped.ranks()) {
      assertEquals(best, rank.bestEpoch());
      assertEquals(3 * (best + 3), rank.stepStarts().length);
      assertEquals(3 * (best + 3), rank.stepEnds().length);
    }
  }

  @Test
  void withoutValidationRowsTheTrainingLossIsWatchedAndTheLastWeightsStay() throws Exception {
    Schedule schedule = Schedules.generate("1f1b", 3, MICRO_BATCHES);
    TrainingPlan plan = plan(schedule, 1000, 0.01).stopping(new EarlyStopping(0, 0.05));
    List<RankResult> stopped = TRAINING.run(plan);
    int epochs = stopped.get(0).stepStarts().length / 3;
    assertTrue(epochs > 1 && epochs < 1000, epochs + " epochs");
    assertEquals(-1, stopped.get(0).bestEpoch());
    LocalPipeline.assertSameWeights(
        TRAINING.run(plan(schedule, epochs, 0.01)), stopped, epochs + " epochs");
  }

  @Test
  void givenWeightsAreWhereTrainingBeginsOnAnyNumberOfStages() throws Exception {
    TrainingPlan two = plan(Schedules.generate("1f1b", 2, MICRO_BATCHES), 2, 0.01);
    Map<Integer, float[]> before = LocalPipeline.weights(TRAINING.run(two));
    List<RankResult> one = null;
    for (int stages = 1; stages <= 3; stages++) {
      TrainingPlan plan = plan(Schedules.generate("1f1b", stages, MICRO_BATCHES), 2, 0.01);
      List<RankResult> next =
          TRAINING.run(
              plan,
              Optional.empty(),
              new InitialWeights(NetworkWeights.inMemory(before)),
              report -> {});
      one = one == null ? next : one;
      assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(next));
      LocalPipeline.assertSameWeights(one, next, stages + " stages");
    }
    assertTrue(
        LocalPipeline.losses(one)[0] < LocalPipeline.losses(TRAINING.run(two))[0],
        "it begins where the first run ended");
  }
}
