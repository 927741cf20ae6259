package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

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
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Skips over several stages, shared weights and second forwards change no bit either. */
@Timeout(120)
class SkipsAndTiesEqualityTest {
  private static final int ROWS = 27;
  private static final int BATCH = 16;

  /** Skips that nest, begin at the input and share a beginning; weights shared over all stages. */
  private static final Sequential NETWORK =
      Sequential.input(8)
          .save("input")
          .dense(16, Activation.TANH)
          .save("wide")
          .dense(8, Activation.TANH)
          .addSaved("input")
          .dropout(0.2)
          .dense(16)
          .addSaved("wide")
          .dense(16, Activation.RELU)
          .addSaved("wide")
          .tiedDense(1, 8)
          .save("late")
          .tiedDense(4, 16)
          .tiedDense(1, 8)
          .addSaved("late")
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static LocalPipeline pipeline() {
    Random random = new Random(3);
    float[] features = new float[ROWS * 8];
    float[] labels = new float[ROWS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < ROWS; i++) {
      labels[i] = random.nextInt(4);
    }
    INDArray x = Nd4j.create(features, new long[] {ROWS, 8}, 'c');
    return new LocalPipeline(NETWORK, x, Nd4j.create(labels, new long[] {ROWS, 1}, 'c'));
  }

  static Stream<Schedule> schedules() {
    List<Schedule> all = new ArrayList<>();
    for (String id : Schedules.ids()) {
      for (int ranks = 1; ranks <= 4; ranks++) {
        for (int virtual = 1; virtual <= 2; virtual++) {
          generate(ScheduleRequest.of(id, ranks, 4).withVirtualStages(virtual))
              .filter(schedule -> !schedule.isForwardOnly())
              .ifPresent(all::add);
        }
      }
    }
    return all.stream();
  }

  private static Optional<Schedule> generate(ScheduleRequest request) {
    try {
      return Optional.of(Schedules.generate(request));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void skipsSharedWeightsAndSecondForwardsChangeNoBit(Schedule schedule) throws Exception {
    List<RankResult> one = train(Schedules.generate("gpipe", 1, 4), Recomputation.NEVER);
    for (Recomputation recomputation : Recomputation.values()) {
      List<RankResult> some = train(schedule, recomputation);
      String what = schedule.name() + " on " + schedule.ranks().size() + ", " + recomputation;
      assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0, what);
      LocalPipeline.assertSameWeights(one, some, what);
    }
  }

  private static List<RankResult> train(Schedule schedule, Recomputation recomputation)
      throws Exception {
    return pipeline().train(schedule, recomputation, BATCH, 2, Updater.adam(0.01));
  }
}
