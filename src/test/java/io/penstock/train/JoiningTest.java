package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.TiedDense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A user's own layers save, add and share weights as the library's do, bit for bit. */
@Timeout(120)
class JoiningTest {
  private static final int ROWS = 22;
  private static final long SEED = 7;

  /** The third saves and adds at once; the first saves what it makes, of another shape. */
  private static final Sequential OWN =
      Sequential.input(8)
          .layer(Joining.of(Dense.of(16)).saving("wide"))
          .activation(Activation.TANH)
          .layer(Joining.of(Dense.of(16)).adding("wide").saving("late"))
          .layer(Joining.of(new TiedDense(0, 8, true)))
          .dense(16)
          .layer(Joining.of(new ActivationLayer(Activation.RELU)).adding("late"))
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  /** The same of the library's layers. */
  private static final Sequential TWIN =
      Sequential.input(8)
          .dense(16)
          .save("wide")
          .activation(Activation.TANH)
          .dense(16)
          .addSaved("wide")
          .save("late")
          .tiedDense(0, 8)
          .dense(16)
          .activation(Activation.RELU)
          .addSaved("late")
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  /** Those of the twin that learn, by those that do among the own. */
  private static final Map<Integer, Integer> LEARNING = Map.of(0, 0, 2, 3, 4, 7, 6, 10);

  private static float[] born(int layer) {
    return Parameters.initial(OWN.parameters(layer), SEED, layer).values();
  }

  private static LocalPipeline rows(Sequential network) {
    float[] labels = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = i % 4;
    }
    INDArray x = Data.random(3, DataType.FLOAT, ROWS, 8);
    return new LocalPipeline(network, x, Nd4j.create(labels, new long[] {ROWS, 1}, 'c'));
  }

  private static List<RankResult> train(
      Sequential network, Schedule schedule, List<Integer> starts, InitialState initial)
      throws Exception {
    List<RankResult> ranks = new ArrayList<>();
    for (Recomputation recomputation : Recomputation.values()) {
      TrainingPlan plan =
          new TrainingPlan(
              "",
              Updater.adam(0.01).toJson(),
              starts,
              TrainingPlan.lowerAndVerify(schedule, recomputation),
              ROWS / 2,
              2,
              SEED);
      List<RankResult> again = rows(network).run(plan, Optional.empty(), initial, report -> {});
      if (!ranks.isEmpty()) {
        LocalPipeline.assertSameWeights(ranks, again, recomputation.toString());
      }
      ranks = again;
    }
    return ranks;
  }

  static Stream<List<Integer>> cuts() {
    return Stream.of(
        List.of(0), List.of(0, 1), List.of(0, 3), List.of(0, 2, 3), List.of(0, 1, 2, 5));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void ownLayersTrainAsTheLibrarysDo(List<Integer> starts) throws Exception {
    Map<Integer, float[]> bornInTwin = new TreeMap<>();
    LEARNING.forEach((own, twin) -> bornInTwin.put(twin, born(own)));
    Schedule one = TrainingPlan.lowerAndVerify(Schedules.generate("gpipe", 1, 4));
    List<RankResult> expected =
        train(TWIN, one, List.of(0), new InitialWeights(NetworkWeights.inMemory(bornInTwin)));
    for (String id : List.of("gpipe", "1f1b")) {
      Schedule schedule = Schedules.generate(id, starts.size(), 4);
      List<RankResult> own = train(OWN, schedule, starts, InitialState.BORN);
      assertArrayEquals(LocalPipeline.losses(expected), LocalPipeline.losses(own), 0, id);
      Map<Integer, float[]> learnt = LocalPipeline.weights(own);
      assertEquals(LEARNING.keySet(), learnt.keySet());
      LEARNING.forEach(
          (layer, twin) ->
              assertArrayEquals(
                  LocalPipeline.weights(expected).get(twin), learnt.get(layer), 0f, id));
    }
  }

  @Test
  void ownLayersPredictAsTheLibrarysDo() {
    List<Parameters> own =
        IntStream.range(0, OWN.layers().size())
            .mapToObj(layer -> Parameters.initial(OWN.parameters(layer), SEED, layer))
            .toList();
    List<Parameters> twin =
        new ArrayList<>(TWIN.layers().stream().map(layer -> Parameters.zeros(List.of())).toList());
    LEARNING.forEach((layer, same) -> twin.set(same, own.get(layer)));
    INDArray x = Data.random(4, DataType.FLOAT, 5, 8);
    Data.assertSameBits(TWIN.output(twin, x), OWN.output(own, x), "own layers");
  }
}
