package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Clipping by the norm over all stages changes no bit from one stage to several. */
@Timeout(120)
class ClippingEqualityTest {
  private static final int ROWS = 45;
  private static final int SEED = 7; // of LocalPipeline's plans
  private static final double NORM = 0.05;

  /** With weights that two layers share. */
  private static final Sequential NETWORK =
      Sequential.input(9)
          .dense(17, Activation.RELU)
          .dropout(0.3)
          .tiedDense(0, 9)
          .dense(11, Activation.TANH)
          .dense(4)
          .loss(Losses.softmaxCrossEntropy().smoothed(0.1))
          .build();

  private final LocalPipeline pipeline = pipeline();

  private static LocalPipeline pipeline() {
    Random random = new Random(3);
    INDArray features = Nd4j.create(ROWS, 9);
    INDArray labels = Nd4j.create(ROWS, 1);
    for (int i = 0; i < features.length(); i++) {
      features.putScalar(i, random.nextGaussian());
    }
    for (int i = 0; i < ROWS; i++) {
      labels.putScalar(i, random.nextInt(4));
    }
    return new LocalPipeline(NETWORK, features, labels);
  }

  private Map<Integer, float[]> weights(
      String schedule, int stages, int batch, int epochs, Updater updater) throws Exception {
    Map<Integer, float[]> weights = new TreeMap<>();
    pipeline
        .train(Schedules.generate(schedule, stages, 4), batch, epochs, updater)
        .forEach(rank -> weights.putAll(rank.weights()));
    return weights;
  }

  private static void assertSame(Map<Integer, float[]> one, Map<Integer, float[]> some, String of) {
    assertEquals(one.keySet(), some.keySet(), of);
    one.forEach((layer, values) -> assertArrayEquals(values, some.get(layer), 0f, of));
  }

  @Test
  void stagesAndSchedulesChangeNoBit() throws Exception {
    Updater clipped = Updater.adam(0.01).with(UpdateOptions.NONE.withClipNorm(NORM));
    Updater all =
        Updater.nesterovs(0.05, 0.9)
            .with(
                UpdateOptions.NONE
                    .withClipNorm(NORM)
                    .withClipValue(0.01)
                    .withWeightDecay(0.1)
                    .withWarmUp(2)
                    .withDecay(RateDecay.COSINE));
    for (Updater updater : List.of(clipped, all)) {
      Map<Integer, float[]> one = weights("gpipe", 1, 16, 2, updater);
      Updater free = updater.with(updater.options().withClipNorm(0));
      assertFalse(Arrays.equals(one.get(0), weights("gpipe", 1, 16, 2, free).get(0)), "clips");
      for (int stages : new int[] {2, 3}) {
        for (String id : new String[] {"gpipe", "1f1b", "interleaved", "zb-h1", "zb-v"}) {
          if (stages == 2 || !id.equals("zb-v")) {
            assertSame(one, weights(id, stages, 16, 2, updater), id + " on " + stages);
          }
        }
      }
    }
  }

  /** Steepest descent at rate 1: what one step takes off the weights is the gradient. */
  @Test
  void theGradientOfAllStagesIsTheWholeOneAtTheLimitsLength() throws Exception {
    Map<Integer, float[]> start = new TreeMap<>();
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      Parameters own = Parameters.initial(NETWORK.parameters(layer), SEED, layer);
      if (own.size() > 0 && NETWORK.owner(layer) == layer) {
        start.put(layer, own.values());
      }
    }
    Map<Integer, float[]> whole = gradient(start, 1, UpdateOptions.NONE);
    double norm = norm(whole);
    assertTrue(norm > 2 * NORM, "norm " + norm);
    for (int stages = 1; stages <= 3; stages++) {
      Map<Integer, float[]> cut = gradient(start, stages, UpdateOptions.NONE.withClipNorm(NORM));
      assertEquals(NORM, norm(cut), 1e-4 * NORM, stages + " stages");
      cut.forEach(
          (layer, own) -> {
            for (int i = 0; i < own.length; i++) {
              assertEquals(whole.get(layer)[i] * NORM / norm, own[i], 1e-6);
            }
          });
    }
  }

  private Map<Integer, float[]> gradient(
      Map<Integer, float[]> start, int stages, UpdateOptions options) throws Exception {
    Map<Integer, float[]> taken = weights("1f1b", stages, ROWS, 1, Updater.sgd(1).with(options));
    assertEquals(start.keySet(), taken.keySet());
    taken.forEach(
        (layer, own) -> {
          for (int i = 0; i < own.length; i++) {
            own[i] = start.get(layer)[i] - own[i];
          }
        });
    return taken;
  }

  private static double norm(Map<Integer, float[]> gradient) {
    double squares = 0;
    for (float[] own : gradient.values()) {
      for (float one : own) {
        squares += (double) one * one;
      }
    }
    return Math.sqrt(squares);
  }
}
