package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
    return LocalPipeline.ofClasses(NETWORK, ROWS, 8, 4, 3);
  }

  static Stream<Schedule> schedules() {
    return EverySchedule.of(4, 2, 4);
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
