package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Costs;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.OrderSearch;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
  private static final int BATCH = 16;
  private static final int STEPS = 3;
  private static final int EPOCHS = 2;
  private static final int MOST_RANKS = 4;
  private static final int MOST_VIRTUAL = 3;
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
    List<RankResult> one =
        pipeline.train(Schedules.generate("gpipe", 1, microBatches), BATCH, EPOCHS, updater);
    assertEquals(STEPS * EPOCHS, LocalPipeline.losses(one).length);
    for (Schedule schedule : updaterName.equals("adam") ? all(microBatches) : few(microBatches)) {
      List<RankResult> some = pipeline.train(schedule, BATCH, EPOCHS, updater);
      String what =
          "%s, %d ranks, %d stages, %d micro-batches"
              .formatted(schedule.name(), schedule.ranks().size(), schedule.stages(), microBatches);
      if (schedule.isForwardOnly()) {
        assertForwardOnly(pipeline, schedule, some, what);
      } else {
        assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0, what);
        LocalPipeline.assertSameWeights(one, some, what);
      }
      Schedule run = TrainingPlan.lowerAndVerify(schedule);
      assertEquals(
          Verifier.verify(run).activations(),
          some.stream().map(RankResult::peakActivations).toList(),
          what + ": activations held");
    }
  }

  /** Every schedule on one to four ranks, with one to three stages on each where it can be. */
  private static List<Schedule> all(int microBatches) {
    List<Schedule> all = new ArrayList<>();
    for (int ranks = 1; ranks <= MOST_RANKS; ranks++) {
      for (int virtual = 1; virtual <= MOST_VIRTUAL; virtual++) {
        for (String id : Schedules.ids()) {
          if (ranks * virtual <= NETWORK.layers().size()) {
            generate(ScheduleRequest.of(id, ranks, microBatches).withVirtualStages(virtual))
                .ifPresent(all::add);
          }
        }
      }
    }
    List.of("1f1b", "interleaved", "v-half").forEach(id -> all.add(searched(id, microBatches)));
    assertTrue(
        all.stream().map(Schedule::name).collect(Collectors.toSet()).size()
            >= Schedules.ids().size() - 1, // dualpipe-v is for two micro-batches and more
        all::toString);
    return all;
  }

  /** On two ranks, with the order that is quicker where the last stage is heavy. */
  private static Schedule searched(String id, int microBatches) {
    Schedule schedule = Schedules.generate(id, 2, microBatches);
    List<Double> times = new ArrayList<>(Collections.nCopies(schedule.stages(), 1.0));
    times.set(schedule.stages() - 1, 3.0);
    List<Double> nothing = Collections.nCopies(schedule.stages(), 0.0);
    Costs costs = new Costs(times, times, times, times, nothing, nothing, LinkCost.FREE, Map.of());
    return OrderSearch.search(schedule, costs, List.of(100.0, 100.0), 2);
  }

  /** For updaters, which see gradients and no schedule. */
  private static List<Schedule> few(int microBatches) {
    return List.of(
        Schedules.generate("gpipe", 2, microBatches),
        Schedules.generate("1f1b", 3, microBatches),
        Schedules.generate("zb-v", 2, microBatches));
  }

  /** Empty where the schedule does not exist. */
  private static Optional<Schedule> generate(ScheduleRequest request) {
    try {
      return Optional.of(Schedules.generate(request));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  /** Nothing is learnt, and the outputs are those of one stage. */
  private static void assertForwardOnly(
      LocalPipeline pipeline, Schedule schedule, List<RankResult> some, String what)
      throws Exception {
    List<RankResult> one =
        pipeline.train(
            Schedules.generate(schedule.name(), 1, schedule.microBatches()),
            BATCH,
            EPOCHS,
            Updater.sgd(0.1));
    assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0, what);
    assertEquals(LocalPipeline.losses(some)[0], LocalPipeline.losses(some)[STEPS], what);
    LocalPipeline.assertSameWeights(one, some, what);
    List<float[]> expected = outputs(one);
    List<float[]> actual = outputs(some);
    assertEquals(expected.size(), actual.size(), what);
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), 0f, what);
    }
  }

  private static List<float[]> outputs(List<RankResult> ranks) {
    return ranks.stream().flatMap(rank -> rank.outputs().stream()).toList();
  }

  @ParameterizedTest(name = "{0} rows")
  @MethodSource("fewRows")
  void fewerRowsThanMicroBatchesAreLegal(int rows) throws Exception {
    LocalPipeline pipeline = pipeline(rows);
    List<RankResult> one =
        pipeline.train(Schedules.generate("1f1b", 1, 4), 7, 2, Updater.adam(0.01));
    for (String id : Schedules.ids()) {
      Schedule schedule = Schedules.generate(id, 2, 4);
      if (!schedule.isForwardOnly()) {
        List<RankResult> two = pipeline.train(schedule, 7, 2, Updater.adam(0.01));
        assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(two), 0, id);
        LocalPipeline.assertSameWeights(one, two, id + ", " + rows + " rows");
      }
    }
  }

  static Stream<Integer> fewRows() {
    return Stream.of(1, 2, 7, 8);
  }
}
