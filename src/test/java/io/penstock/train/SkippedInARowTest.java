package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Steps that are skipped one after the other leave out what only an update sends: the step after
 * them is taken all the same.
 */
@Timeout(120)
class SkippedInARowTest {
  private static final int BATCH = 8;
  private static final int STEPS = 12;

  /** More than a peer may be ahead. */
  private static final int SKIPPED = 8;

  private static final Sequential NETWORK =
      Sequential.input(6)
          .dense(8, Activation.TANH)
          .dense(8, Activation.RELU)
          .tiedDense(0, 6)
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static LocalPipeline rows() {
    INDArray features = Nd4j.rand(BATCH * STEPS, 6);
    INDArray labels = Nd4j.zeros(BATCH * STEPS, 1);
    for (int step = 2; step < 2 + SKIPPED; step++) {
      features.putScalar(BATCH * step, 3, Float.NaN);
    }
    return new LocalPipeline(NETWORK, features, labels);
  }

  static Stream<Arguments> plans() {
    Updater plain = Updater.adam(0.01);
    Updater clipped = plain.with(UpdateOptions.NONE.withClipNorm(0.1));
    return Stream.of(
        Arguments.of("tied weights", List.of(0, 2), plain, Replication.NONE),
        Arguments.of("clipped", List.of(0, 1), clipped, Replication.NONE),
        Arguments.of("replicas", List.of(0), clipped, Replication.of(2)),
        Arguments.of("sharded", List.of(0), plain, Replication.of(2).withShardedOptimizer(true)),
        Arguments.of("all", List.of(0, 2), clipped, Replication.of(2).withShardedOptimizer(true)));
  }

  private static TrainingPlan plan(List<Integer> starts, Updater updater, Replication replication) {
    int share = 4 / replication.replicas();
    return new TrainingPlan(
            "",
            updater.toJson(),
            starts,
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", starts.size(), share)),
            BATCH,
            1,
            7)
        .withBadNumbers(BadNumbers.SKIP)
        .withReplication(replication);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("plans")
  void theStepAfterThemIsTaken(
      String what, List<Integer> starts, Updater updater, Replication replication)
      throws Exception {
    Queue<SkippedStep> skipped = new ConcurrentLinkedQueue<>();
    Progress progress =
        new Progress() {
          @Override
          public void stepSkipped(SkippedStep step) {
            skipped.add(step);
          }

          @Override
          public void epochDone(EpochReport report) {}
        };
    TrainingPlan plan = plan(starts, updater, replication);
    TrainingPlan alone =
        plan(List.of(0), updater, Replication.groups(replication.gradientGroups()));
    LocalPipeline pipeline = rows();
    List<RankResult> one = pipeline.run(alone);
    List<RankResult> some = pipeline.run(plan, Optional.empty(), InitialState.BORN, progress);
    assertEquals(SKIPPED, skipped.size());
    assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0);
    LocalPipeline.assertSameWeights(one, some, what);
  }
}
