package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Activation;
import io.penstock.nn.Losses;
import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import io.penstock.schedule.Schedules;
import io.penstock.schedule.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** The test that guards everything: any number of stages trains as one device does. */
@Timeout(120)
class BitEqualityTest {
  private static final int ROWS = 45; // The last mini-batch of 16 has 13 rows: none divides evenly.
  private static final Sequential NETWORK =
      Sequential.input(9)
          .dense(17, Activation.RELU)
          .dropout(0.3)
          .dense(13, Activation.TANH)
          .dense(11, Activation.GELU)
          .dropout(0.2)
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static LocalPipeline pipeline(int rows) {
    Random random = new Random(3);
    float[] features = new float[rows * 9];
    float[] labels = new float[rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextInt(4);
    }
    return new LocalPipeline(
        NETWORK,
        Nd4j.create(features, new long[] {rows, 9}, 'c'),
        Nd4j.create(labels, new long[] {rows, 1}, 'c'));
  }

  private static Map<String, Updater> updaters() {
    Map<String, Updater> updaters = new TreeMap<>();
    updaters.put("sgd", Updater.sgd(0.1));
    updaters.put("momentum", Updater.nesterovs(0.05, 0.9));
    updaters.put("adam", Updater.adam(0.01));
    updaters.put(
        "adam with a schedule",
        Updater.of(new Adam(new StepSchedule(ScheduleType.ITERATION, 0.01, 0.5, 2))));
    return updaters;
  }

  static Stream<Arguments> everyWayToRun() {
    List<Arguments> all = new ArrayList<>();
    for (int microBatches : new int[] {1, 3, 4, 8}) {
      for (String updater : updaters().keySet()) {
        all.add(Arguments.of(microBatches, updater));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0} micro-batches, {1}")
  @MethodSource("everyWayToRun")
  void stagesAndSchedulesChangeNoBit(int microBatches, String updaterName) throws Exception {
    LocalPipeline pipeline = pipeline(ROWS);
    Updater updater = updaters().get(updaterName);
    List<RankResult> one = pipeline.train(1, "gpipe", microBatches, 16, 3, updater);
    assertEquals(9, losses(one).length);
    for (int stages = 1; stages <= 3; stages++) {
      for (String schedule : Schedules.ids()) {
        List<RankResult> some =
            pipeline.train(stages, schedule, microBatches, 16, 3, updater);
        String what = stages + " stages, " + schedule;
        assertArrayEquals(losses(one), losses(some), 0, what);
        assertWeightsEqual(weights(one), weights(some), what);
        for (RankResult rank : some) {
          assertEquals(
              Verifier.verify(
                      new TrainingPlan("", "", starts(stages), schedule, microBatches, 16, 1, 7)
                          .actions(microBatches))
                  .activations()
                  .get(rank.rank()),
              rank.peakInFlight(),
              what + ": activations held on rank " + rank.rank());
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} rows")
  @MethodSource("fewRows")
  void fewerRowsThanMicroBatchesAreLegal(int rows) throws Exception {
    LocalPipeline pipeline = pipeline(rows);
    List<RankResult> one = pipeline.train(1, "1f1b", 4, 7, 2, Updater.adam(0.01));
    List<RankResult> three = pipeline.train(3, "1f1b", 4, 7, 2, Updater.adam(0.01));
    assertArrayEquals(losses(one), losses(three), 0);
    assertWeightsEqual(weights(one), weights(three), rows + " rows");
  }

  static Stream<Integer> fewRows() {
    return Stream.of(1, 2, 7, 8);
  }

  private static List<Integer> starts(int stages) {
    List<Integer> starts = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      starts.add(stage);
    }
    return starts;
  }

  private static double[] losses(List<RankResult> ranks) {
    double[] losses = ranks.get(ranks.size() - 1).stepLosses();
    assertTrue(losses.length > 0);
    return losses;
  }

  private static Map<Integer, float[]> weights(List<RankResult> ranks) {
    Map<Integer, float[]> weights = new TreeMap<>();
    ranks.forEach(rank -> weights.putAll(rank.weights()));
    return weights;
  }

  private static void assertWeightsEqual(
      Map<Integer, float[]> expected, Map<Integer, float[]> actual, String what) {
    assertEquals(expected.keySet(), actual.keySet(), what);
    expected.forEach(
        (layer, values) ->
            assertArrayEquals(values, actual.get(layer), 0f, what + ": layer " + layer));
  }
}
