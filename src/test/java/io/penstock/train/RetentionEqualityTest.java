package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Segmentation;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/** What ranks let go for want of memory changes no bit of what they learn. */
@Timeout(120)
class RetentionEqualityTest {
  private static final int ROWS = 150; // The last mini-batch of 64 has 22 rows.
  private static final int INPUTS = 40;

  /** Wide enough for its products to pack weights, on micro-batches of 16 rows. */
  private static final Sequential NETWORK =
      Sequential.input(INPUTS)
          .dense(96, Activation.RELU)
          .batchNorm()
          .dropout(0.3)
          .dense(64, Activation.TANH)
          .dense(80, Activation.GELU)
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static LocalPipeline pipeline() {
    Random random = new Random(3);
    float[] features = new float[ROWS * INPUTS];
    float[] labels = new float[ROWS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      labels[i] = random.nextInt(4);
    }
    return new LocalPipeline(
        NETWORK,
        Nd4j.create(features, new long[] {ROWS, INPUTS}, 'c'),
        Nd4j.create(labels, new long[] {ROWS, 1}, 'c'));
  }

  private static TrainingPlan plan(Schedule schedule, Updater updater) {
    List<Integer> starts =
        Partitioner.partition(LayerCosts.flops(NETWORK), schedule.stages()).starts();
    return new TrainingPlan(
        "", updater.toJson(), starts, TrainingPlan.lowerAndVerify(schedule), 64, 2, 7);
  }

  static Stream<Updater> updaters() {
    return Stream.of(
        Updater.sgd(0.1),
        Updater.adam(0.01),
        Updater.nesterovs(0.05, 0.9)
            .with(UpdateOptions.NONE.withWeightDecay(0.01).withClipValue(0.02)));
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void whatIsLetGoChangesNoBit(Updater updater) throws Exception {
    LocalPipeline pipeline = pipeline();
    List<RankResult> one = pipeline.run(plan(Schedules.generate("gpipe", 1, 4), updater));
    for (Schedule schedule :
        List.of(
            Schedules.generate("1f1b", 1, 4),
            Schedules.generate("1f1b", 3, 4),
            Schedules.generate("zb-h1", 2, 4),
            Schedules.generate(ScheduleRequest.of("interleaved", 2, 4).withVirtualStages(2)))) {
      TrainingPlan all = plan(schedule, updater);
      for (Retention retention : Retention.choices(all, NETWORK)) {
        String what = schedule.name() + " on " + schedule.ranks().size() + ", " + retention;
        List<RankResult> some = pipeline.run(all.withRetention(retention));
        assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0, what);
        LocalPipeline.assertSameWeights(one, some, what);
      }
    }
  }

  /** Segments of one rank take one room in turn, and some ranks have more of them than others. */
  @Test
  void whatIsLetGoOfSegmentsChangesNoBit() throws Exception {
    LocalPipeline pipeline = pipeline();
    Updater updater = Updater.adam(0.01);
    List<RankResult> one = pipeline.run(plan(Schedules.generate("gpipe", 1, 4), updater));
    Schedule stages = Schedules.generate("1f1b", 2, 4);
    Schedule segments =
        new Segmentation(List.of(List.of(true, false, true), List.of(true))).in(stages);
    TrainingPlan all =
        plan(stages, updater).recut(List.of(0, 2, 4, 6), TrainingPlan.lowerAndVerify(segments));
    for (Retention retention : Retention.choices(all, NETWORK)) {
      List<RankResult> some = pipeline.run(all.withRetention(retention));
      assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0);
      LocalPipeline.assertSameWeights(one, some, retention.toString());
    }
  }

  @Test
  void aPlanTellsWhatIsLetGoAndWhatItWouldBeWithout() {
    TrainingPlan all = plan(Schedules.generate("1f1b", 2, 4), Updater.adam(0.01));
    TrainingPlan less = all.withRetention(new Retention(false, false));
    assertTrue(less.words().contains("schedule 1f1b, weight gradients last with"), less.words());
    assertTrue(less.words().endsWith(", weights packed at every use"), less.words());
    assertEquals(all.words(), less.wordsOfAll(), "a run goes on with more memory or less");
    assertEquals(all.words(), all.wordsOfAll());
  }

  @Test
  void gradientsStayWhereSomethingLooksAtAllOfThem() {
    TrainingPlan plain = plan(Schedules.generate("1f1b", 2, 4), Updater.adam(0.01));
    assertEquals(4, Retention.choices(plain, NETWORK).size());
    Updater clipped = Updater.adam(0.01).with(UpdateOptions.NONE.withClipNorm(1));
    Sequential tied =
        Sequential.input(4).dense(4).tiedDense(0, 4).loss(Losses.squaredError()).build();
    for (List<Retention> kept :
        List.of(
            Retention.choices(plan(Schedules.generate("1f1b", 2, 4), clipped), NETWORK),
            Retention.choices(plain.withBadNumbers(BadNumbers.SKIP), NETWORK),
            Retention.choices(plain.withReplication(Replication.of(2)), NETWORK),
            Retention.choices(plain.withReplication(Replication.groups(2)), NETWORK),
            Retention.choices(plain, tied))) {
      assertEquals(List.of(Retention.ALL, new Retention(false, true)), kept);
    }
  }
}
