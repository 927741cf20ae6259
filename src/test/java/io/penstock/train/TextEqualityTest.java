package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.Dense;
import io.penstock.nn.LayerNorm;
import io.penstock.nn.Losses;
import io.penstock.nn.SelfAttention;
import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.Schedules;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A transformer and recurrent layers train on any number of stages as on one. */
@Timeout(120)
class TextEqualityTest {
  private static final int ROWS = 11;
  private static final int LENGTH = 6;
  private static final int VOCABULARY = 16;

  private static final Sequential TRANSFORMER =
      Sequential.input(LENGTH)
          .embedding(VOCABULARY, 8)
          .positions(LENGTH)
          .transformerBlock(2, 16, true, 0.2)
          .transformerBlock(4, 16, true, 0.1)
          .layerNorm()
          .tiedDense(0, VOCABULARY)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final Sequential RECURRENT =
      Sequential.input(LENGTH)
          .embedding(VOCABULARY, 8)
          .lstm(8)
          .gru(6)
          .dense(VOCABULARY)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final Sequential PIECES =
      Sequential.input(LENGTH)
          .embedding(VOCABULARY, 8)
          .selfAttention(2, false)
          .residual(LayerNorm.usual(), new SelfAttention(4, true))
          .residual(Dense.of(16), Dense.of(8))
          .dense(VOCABULARY)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  static Stream<Sequential> networks() {
    return Stream.of(TRANSFORMER, RECURRENT, PIECES);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void stagesSchedulesAndRecomputationChangeNoBit(Sequential network) throws Exception {
    LocalPipeline pipeline = new LocalPipeline(network, ids(0, 0), ids(1, 2));
    List<RankResult> one = train(pipeline, Schedules.generate("gpipe", 1, 3), Recomputation.NEVER);
    for (Schedule schedule :
        List.of(
            Schedules.generate("1f1b", 2, 3),
            Schedules.generate("gpipe", 3, 3),
            Schedules.generate("zb-h1", 4, 3),
            Schedules.generate(ScheduleRequest.of("interleaved", 2, 4).withVirtualStages(2))
                .first(3),
            Schedules.generate("zb-v", 2, 3))) {
      for (Recomputation recomputation : List.of(Recomputation.NEVER, Recomputation.ALWAYS)) {
        List<RankResult> some = train(pipeline, schedule, recomputation);
        String what = schedule.name() + ", " + recomputation;
        assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0, what);
        LocalPipeline.assertSameWeights(one, some, what);
      }
    }
  }

  private static List<RankResult> train(
      LocalPipeline pipeline, Schedule schedule, Recomputation recomputation) throws Exception {
    return pipeline.train(schedule, recomputation, 6, 2, Updater.adam(0.01));
  }

  /** Ids, so many of them padding at the end of each row. */
  private static INDArray ids(long seed, int padding) {
    Random random = new Random(seed);
    float[] ids = new float[ROWS * LENGTH];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i % LENGTH < LENGTH - padding ? random.nextInt(VOCABULARY) : -1;
    }
    return Nd4j.create(ids, new long[] {ROWS, LENGTH}, 'c');
  }


}
