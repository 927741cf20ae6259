package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * R replicas of any stages learn bit for bit what one device does that sums gradients in R groups.
 */
@Timeout(300)
class ReplicaEqualityTest {
  private static final int BATCH = 12;

  /** The last mini-batch has three rows: with four groups, one has none. */
  private static final int ROWS = 27;

  private static final int MICRO_BATCHES = 12;
  private static final int EPOCHS = 2;

  /** Dropout, skips and shared weights: all that has a key or a way of its own. */
  private static final Sequential PLAIN =
      Sequential.input(8)
          .dense(16, Activation.TANH)
          .save("wide")
          .dense(8)
          .dropout(0.2)
          .dense(16, Activation.RELU)
          .addSaved("wide")
          .tiedDense(0, 8)
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  /** Statistics over all micro-batches of all replicas. */
  private static final Sequential NORMALISED =
      Sequential.input(8)
          .dense(16, Activation.TANH)
          .batchNorm()
          .dense(8)
          .batchNorm()
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final Updater CLIPPING =
      Updater.adam(0.02).with(UpdateOptions.NONE.withClipNorm(0.1).withWarmUp(2));

  private static LocalPipeline rows(Sequential network, int count, long seed) {
    Random random = new Random(seed);
    float[] features = new float[count * 8];
    float[] labels = new float[count];
    float[] weights = new float[count];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(4);
      weights[i] = 0.5f + random.nextFloat();
    }
    INDArray x = Nd4j.create(features, new long[] {count, 8}, 'c');
    return new LocalPipeline(network, x, Nd4j.create(labels, new long[] {count, 1}, 'c'), weights);
  }

  private static TrainingPlan plan(
      Sequential network, Updater updater, Schedule schedule, Replication replication) {
    return new TrainingPlan(
            network.toWire(),
            updater.toJson(),
            Partitioner.partition(LayerCosts.flops(network), schedule.stages()).starts(),
            TrainingPlan.lowerAndVerify(schedule, Recomputation.NEVER),
            BATCH,
            EPOCHS,
            7)
        .withReplication(replication);
  }

  private record Ended(List<RankResult> ranks, List<Double> epochs, List<Double> validation) {}

  private static Ended run(TrainingPlan plan, boolean sockets) throws Exception {
    Queue<EpochReport> reports = new ConcurrentLinkedQueue<>();
    LocalPipeline pipeline = rows(plan.network(), ROWS, 3);
    List<RankResult> ranks =
        (sockets ? pipeline.overSockets() : pipeline)
            .run(
                plan,
                Optional.of(rows(plan.network(), 13, 4)),
                InitialState.BORN,
                report -> {
                  if (report.rank() == plan.labelRank()) {
                    reports.add(report);
                  }
                });
    return new Ended(
        ranks,
        reports.stream().map(report -> report.lossSum() / report.weight()).toList(),
        reports.stream().map(report -> report.validation().loss()).toList());
  }

  private static void assertSame(Ended one, Ended other, String what) {
    LocalPipeline.assertSameWeights(one.ranks(), other.ranks(), what);
    assertArrayEquals(
        LocalPipeline.losses(one.ranks()), LocalPipeline.losses(other.ranks()), 0, what);
    assertEquals(one.epochs(), other.epochs(), what);
    assertEquals(one.validation(), other.validation(), what);
  }

  static Stream<Arguments> plans() {
    List<Arguments> all = new ArrayList<>();
    for (Sequential network : List.of(PLAIN, NORMALISED)) {
      for (Updater updater : List.of(Updater.adam(0.02), CLIPPING)) {
        for (int replicas = 1; replicas <= 4; replicas++) {
          all.add(Arguments.of(network, updater, replicas));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("plans")
  void replicasOfAnyStagesLearnWhatOneDeviceDoesInGroups(
      Sequential network, Updater updater, int replicas) throws Exception {
    Ended one =
        run(
            plan(
                network,
                updater,
                Schedules.generate("gpipe", 1, MICRO_BATCHES),
                Replication.groups(replicas)),
            false);
    for (String id : List.of("gpipe", "1f1b", "zb-v")) {
      for (int ranks = 1; ranks <= 2; ranks++) {
        Schedule grouped = Schedules.generate(ScheduleRequest.of(id, ranks, MICRO_BATCHES));
        assertSame(
            one,
            run(plan(network, updater, grouped, Replication.groups(replicas)), false),
            id + " in groups on " + ranks);
        Schedule share =
            Schedules.generate(ScheduleRequest.of(id, ranks, MICRO_BATCHES / replicas));
        for (boolean sharded : new boolean[] {false, true}) {
          Replication of = Replication.of(replicas).withShardedOptimizer(sharded);
          TrainingPlan plan = plan(network, updater, share, of);
          assertSame(
              one, run(plan, false), id + " of " + replicas + " x " + ranks + ", " + sharded);
        }
      }
    }
  }

  @Test
  void everyScheduleKeepsTheBitsWithReplicas() throws Exception {
    Ended one =
        run(
            plan(
                PLAIN,
                CLIPPING,
                Schedules.generate("gpipe", 1, MICRO_BATCHES),
                Replication.groups(2)),
            false);
    for (String id : Schedules.ids()) {
      Schedule share = Schedules.generate(ScheduleRequest.of(id, 2, MICRO_BATCHES / 2));
      if (!share.isForwardOnly()) {
        assertSame(one, run(plan(PLAIN, CLIPPING, share, Replication.of(2)), true), id);
      }
    }
  }

  @Test
  void groupsChangeTheSumsAndOneGroupDoesNot() throws Exception {
    Schedule schedule = Schedules.generate("gpipe", 1, MICRO_BATCHES);
    Updater updater = Updater.adam(0.02);
    Ended none = run(plan(PLAIN, updater, schedule, Replication.NONE), false);
    assertSame(none, run(plan(PLAIN, updater, schedule, Replication.of(1)), false), "one replica");
    Ended three = run(plan(PLAIN, updater, schedule, Replication.groups(3)), false);
    assertThrows(AssertionError.class, () -> assertSame(none, three, "other sums"));
  }

  @Test
  void replicasOfAScheduleThatLearnsNothingAreRefused() {
    Schedule forward = Schedules.generate("forward", 2, 4);
    assertThrows(
        IllegalArgumentException.class,
        () -> plan(PLAIN, Updater.adam(0.02), forward, Replication.of(2)));
    assertThrows(IllegalArgumentException.class, () -> new Replication(2, 3, false));
  }
}
