package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.train.Outputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a row gets follows from the row alone, within rounding. */
class ScorerTest {
  private static final int IDS = 11;
  private static final int LONGEST = 21;

  static Stream<Sequential> tables() {
    return Stream.of(
        Sequential.input(13)
            .dense(37, Activation.GELU)
            .dense(29, Activation.TANH)
            .dense(31, Activation.ELU)
            .layerNorm()
            .dense(3)
            .loss(Losses.softmaxCrossEntropy())
            .build(),
        Sequential.input(2, 9, 7)
            .convolution(5, Window.of(3, 3).same(), Activation.RELU)
            .batchNorm()
            .maxPool(Window.of(2, 2))
            .convolution(3, Window.of(2, 2), Activation.SWISH)
            .flatten()
            .dense(4)
            .loss(Losses.softmaxCrossEntropy())
            .build());
  }

  static Stream<Sequential> texts() {
    return Stream.of(
        Sequential.input(LONGEST)
            .embedding(IDS, 12)
            .positions(LONGEST)
            .transformerBlock(3, 24, false, 0.1)
            .layerNorm()
            .selfAttention(2, true)
            .dense(IDS)
            .loss(Losses.softmaxCrossEntropy())
            .build(),
        Sequential.input(LONGEST)
            .embedding(IDS, 10)
            .lstm(9)
            .gru(7)
            .selfAttention(1, false)
            .dense(IDS)
            .loss(Losses.softmaxCrossEntropy())
            .build(),
        Sequential.input(LONGEST)
            .embedding(IDS, 10)
            .transformerBlock(2, 20, false, 0)
            .lstm(6)
            .lastStep()
            .dense(3)
            .loss(Losses.softmaxCrossEntropy())
            .build());
  }

  /**
   * How far apart scores of a row may be that was scored with other rows: kernels round otherwise
   * for other numbers of rows, and at other places among them. docs/training.md says so.
   */
  private static final double ROUNDING = 1e-5;

  private static Scorer scorer(Sequential network) {
    return new Scorer(
        network.toWire(),
        NetworkWeights.inMemory(
            IntStream.range(0, network.layers().size())
                .mapToObj(layer -> Parameters.initial(network.parameters(layer), 3, layer))
                .toList()));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aRowGetsTheSameWhateverRowsAreBesideIt(Sequential network) {
    Random random = new Random(1);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      float[] row = new float[(int) network.input().size()];
      for (int j = 0; j < row.length; j++) {
        row[j] = (float) random.nextGaussian();
      }
      rows.add(row);
    }
    same(scorer(network), rows);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aSequenceGetsTheSameWhateverSequencesAreBesideIt(Sequential network) {
    Random random = new Random(2);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      float[] row = new float[1 + random.nextInt(LONGEST)];
      for (int j = 0; j < row.length; j++) {
        row[j] = random.nextInt(IDS);
      }
      rows.add(row);
    }
    same(scorer(network), rows);
  }

  private static void same(Scorer scorer, List<float[]> rows) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
    for (int together : new int[] {150, 64, 17, 5, 2}) {
      Collections.shuffle(order, new Random(together));
      List<Integer> some = order.subList(0, together);
      List<double[]> all = numbers(scorer, some.stream().map(rows::get).toList());
      for (int i = 0; i < together; i++) {
        double[] alone = numbers(scorer, List.of(rows.get(some.get(i)))).get(0);
        assertArrayEquals(alone, all.get(i), ROUNDING, together + " rows, row " + some.get(i));
      }
    }
  }

  /** All numbers of each row, but for those of padding; rows are padded to the longest. */
  private static List<double[]> numbers(Scorer scorer, List<float[]> rows) {
    int longest = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    float[] packed = new float[rows.size() * longest];
    Arrays.fill(packed, -1);
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, packed, i * longest, rows.get(i).length);
    }
    Outputs outputs = scorer.outputs(packed, rows.size(), false);
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int index = i;
      all.add(
          IntStream.range(0, Math.min(outputs.positions(), rows.get(i).length))
              .mapToObj(place -> outputs.at(index, place))
              .flatMapToDouble(Arrays::stream)
              .toArray());
    }
    return all;
  }
}
