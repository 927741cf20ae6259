package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.LayerNorm;
import io.penstock.nn.layer.SelfAttention;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
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

  /** Layers that ask for padding on several stages, some of them none in between. */
  private static final Sequential BOTH_WAYS =
      Sequential.input(LENGTH)
          .embedding(VOCABULARY, 8)
          .transformerBlock(2, 16, false, 0.1)
          .layerNorm()
          .dense(8)
          .selfAttention(2, false)
          .dense(VOCABULARY)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final Sequential LAST =
      Sequential.input(LENGTH)
          .embedding(VOCABULARY, 8)
          .lstm(8)
          .selfAttention(2, false)
          .lastStep()
          .dense(VOCABULARY)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  static Stream<Sequential> networks() {
    return Stream.of(TRANSFORMER, RECURRENT, PIECES, BOTH_WAYS, LAST);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void stagesSchedulesAndRecomputationChangeNoBit(Sequential network) throws Exception {
    INDArray labels = network.output().rank() == 1 ? Nd4j.ones(ROWS, 1) : ids(1, 2);
    LocalPipeline pipeline = new LocalPipeline(network, ids(0, 0), labels);
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

  @ParameterizedTest
  @MethodSource("networksThatLookBothWays")
  void paddingChangesNoBitOnAnyStagesAndIsNotSeen(Sequential network) throws Exception {
    Map<String, INDArray> features = new TreeMap<>();
    features.put("padded", unequal(0));
    features.put("full", ids(0, 0));
    INDArray labels = network.output().rank() == 1 ? Nd4j.ones(ROWS, 1) : unequal(1);
    Map<String, double[]> losses = new TreeMap<>();
    for (String what : features.keySet()) {
      LocalPipeline pipeline = new LocalPipeline(network, features.get(what), labels);
      List<RankResult> one =
          train(pipeline, Schedules.generate("gpipe", 1, 3), Recomputation.NEVER);
      losses.put(what, LocalPipeline.losses(one));
      for (String schedule : List.of("gpipe", "1f1b", "zb-h1")) {
        for (int stages : List.of(2, network.layers().size())) {
          for (Recomputation recomputation : List.of(Recomputation.NEVER, Recomputation.ALWAYS)) {
            List<RankResult> some =
                train(pipeline, Schedules.generate(schedule, stages, 3), recomputation);
            String how = what + ", " + schedule + ", " + stages + ", " + recomputation;
            assertArrayEquals(losses.get(what), LocalPipeline.losses(some), 0, how);
            LocalPipeline.assertSameWeights(one, some, how);
          }
        }
      }
    }
    assertNotEquals(losses.get("padded")[0], losses.get("full")[0]);
  }

  static Stream<Sequential> networksThatLookBothWays() {
    return Stream.of(BOTH_WAYS, LAST);
  }

  /** Rows of one to six ids, padded at the end. */
  private static INDArray unequal(long seed) {
    INDArray ids = ids(seed, 0);
    for (int row = 0; row < ROWS; row++) {
      for (int place = 1 + row % LENGTH; place < LENGTH; place++) {
        ids.putScalar(row, place, -1);
      }
    }
    return ids;
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
