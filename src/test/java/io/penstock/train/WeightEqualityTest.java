package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Loss;
import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is learnt from rows that count differently, on a whole pipeline. */
@Timeout(240)
class WeightEqualityTest {
  private static final int ROWS = 22;
  private static final int BATCH = 10;
  private static final int CLASSES = 3;
  private static final List<Loss> LOSSES =
      List.of(
          Losses.softmaxCrossEntropy(),
          Losses.softmaxCrossEntropy().smoothed(0.1).weighted(0.5, 2, 1),
          Losses.huber(0.5));

  private final INDArray features = Nd4j.create(ROWS, 4);
  private final float[] weights = new float[ROWS];

  WeightEqualityTest() {
    Random random = new Random(5);
    for (int i = 0; i < features.length(); i++) {
      features.putScalar(i, random.nextGaussian());
    }
    for (int row = 0; row < ROWS; row++) {
      weights[row] = row % 4 == 0 ? 0 : 3 * random.nextFloat();
    }
  }

  private static Sequential network(Loss loss) {
    return Sequential.input(4)
        .dense(9, Activation.TANH)
        .dense(7, Activation.RELU)
        .dense(CLASSES)
        .loss(loss)
        .build();
  }

  private INDArray labels(Loss loss) {
    INDArray labels = Nd4j.create(ROWS, loss.labelWidth(network(loss).output()));
    for (int i = 0; i < labels.length(); i++) {
      labels.putScalar(i, i * 7 % CLASSES);
    }
    return labels;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void stagesAndSchedulesChangeNoBit(int microBatches) throws Exception {
    for (Loss loss : LOSSES) {
      LocalPipeline pipeline = new LocalPipeline(network(loss), features, labels(loss), weights);
      Updater updater = Updater.adam(0.01);
      List<RankResult> one =
          pipeline.train(Schedules.generate("gpipe", 1, microBatches), BATCH, 2, updater);
      for (String id : new String[] {"gpipe", "1f1b", "zb-h1", "zb-v"}) {
        int stages = id.equals("zb-v") ? 2 : 3;
        List<RankResult> some =
            pipeline.train(Schedules.generate(id, stages, microBatches), BATCH, 2, updater);
        String what = id + ", " + microBatches + " micro-batches, " + loss;
        assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0, what);
        LocalPipeline.assertSameWeights(one, some, what);
      }
    }
  }

  @Test
  void weightsOfOneChangeNoBit() throws Exception {
    float[] ones = new float[ROWS];
    Arrays.fill(ones, 1);
    for (Loss loss : LOSSES) {
      INDArray labels = labels(loss);
      List<RankResult> without = train(loss, features, labels, null, 4);
      List<RankResult> with = train(loss, features, labels, ones, 4);
      assertArrayEquals(LocalPipeline.losses(without), LocalPipeline.losses(with), 0);
      LocalPipeline.assertSameWeights(without, with, loss.name());
    }
  }

  @Test
  void twiceTheWeightOfAllChangesNoBit() throws Exception {
    float[] twice = weights.clone();
    for (int row = 0; row < ROWS; row++) {
      twice[row] *= 2;
    }
    for (Loss loss : LOSSES) {
      INDArray labels = labels(loss);
      LocalPipeline.assertSameWeights(
          train(loss, features, labels, weights, 4), train(loss, features, labels, twice, 4), "");
    }
  }

  /** One mini-batch, since a mini-batch of so many rows has others where some are there twice. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void aRowOfWeightTwoIsTwoRowsAndOneOfWeightNoughtIsNone(int microBatches) throws Exception {
    float[] counts = new float[ROWS];
    int[] rows = new int[2 * ROWS];
    int times = 0;
    for (int row = 0; row < ROWS; row++) {
      counts[row] = row % 3;
      for (int i = 0; i < counts[row]; i++) {
        rows[times++] = row;
      }
    }
    rows = Arrays.copyOf(rows, times);
    for (Loss loss : LOSSES) {
      INDArray labels = labels(loss);
      List<RankResult> weighted = step(loss, features, labels, counts, microBatches);
      List<RankResult> repeated =
          step(loss, features.getRows(rows), labels.getRows(rows), null, microBatches);
      assertEquals(
          LocalPipeline.losses(repeated)[0], LocalPipeline.losses(weighted)[0], 1e-6, loss.name());
      Map<Integer, float[]> same = LocalPipeline.weights(weighted);
      LocalPipeline.weights(repeated)
          .forEach((layer, own) -> assertArrayEquals(own, same.get(layer), 1e-6f, loss.name()));
    }
  }

  @Test
  void aMiniBatchWhoseWeightsAreAllNoughtTeachesNothing() throws Exception {
    float[] none = new float[ROWS];
    Arrays.fill(none, BATCH, ROWS, 1);
    for (Loss loss : LOSSES) {
      INDArray labels = labels(loss);
      List<RankResult> run = train(loss, features, labels, none, 4);
      double[] losses = LocalPipeline.losses(run);
      assertTrue(Double.isNaN(losses[0]), "no loss, which is not 0");
      assertTrue(losses[1] > 0 && Double.isFinite(losses[1]), Arrays.toString(losses));
      List<RankResult> nothing = step(loss, features, labels, new float[ROWS], 4);
      Parameters initial = Parameters.initial(network(loss).parameters(0), 7, 0);
      assertArrayEquals(initial.values(), LocalPipeline.weights(nothing).get(0), 0f);
    }
  }

  private static List<RankResult> train(
      Loss loss, INDArray x, INDArray y, float[] weights, int microBatches) throws Exception {
    return new LocalPipeline(network(loss), x, y, weights)
        .train(Schedules.generate("1f1b", 2, microBatches), BATCH, 1, Updater.sgd(0.1));
  }

  private static List<RankResult> step(
      Loss loss, INDArray x, INDArray y, float[] weights, int microBatches) throws Exception {
    return new LocalPipeline(network(loss), x, y, weights)
        .train(Schedules.generate("1f1b", 2, microBatches), 2 * ROWS, 1, Updater.sgd(0.5));
  }
}
