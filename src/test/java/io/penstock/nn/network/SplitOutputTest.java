package io.penstock.nn.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.SoftmaxBlock;
import io.penstock.nn.Layer;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.LossBlock;
import io.penstock.nn.layer.OutputBlock;
import io.penstock.nn.loss.BlockCrossEntropy;
import io.penstock.nn.loss.Losses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitOutputTest {
  private static final Sequential WHOLE =
      Sequential.input(4)
          .dense(6, Activation.RELU)
          .dense(10)
          .loss(Losses.softmaxCrossEntropy().smoothed(0.1))
          .build();

  private static NetworkBuilder tokens() {
    return Sequential.input(3).embedding(20, 4).positions(3);
  }

  @Test
  void theLastDenseLayerBecomesBlocksAsEqualAsCanBe() {
    Sequential split = SplitOutput.split(WHOLE, 4);
    assertEquals(
        List.of(2L, 3L, 2L, 3L),
        split.layers().subList(2, 6).stream()
            .map(layer -> ((OutputBlock) layer).outputs())
            .toList());
    assertEquals(WHOLE.output(), split.output());
    assertEquals(WHOLE.loss(), split.loss());
    assertEquals(WHOLE.layers().subList(0, 2), split.layers().subList(0, 2));
    assertEquals(
        WHOLE.parameterCount(2),
        split.parameterCount(2)
            + split.parameterCount(3)
            + split.parameterCount(4)
            + split.parameterCount(5));
    assertEquals(4, SplitOutput.in(split).orElseThrow().blocks());
    assertEquals(2, SplitOutput.in(split).orElseThrow().first());
  }

  @Test
  void oneBlockIsTheNetworkAsItIs() {
    assertSame(WHOLE, SplitOutput.split(WHOLE, 1));
    assertTrue(SplitOutput.in(WHOLE).isEmpty());
    assertSame(WHOLE, SplitOutput.inTraining(WHOLE));
  }

  @Test
  void theBuilderSplitsTheLayerThatIsLast() {
    Sequential built = tokens().splitOutput(3).dense(20).loss(Losses.softmaxCrossEntropy()).build();
    Sequential whole = tokens().dense(20).loss(Losses.softmaxCrossEntropy()).build();
    assertEquals(SplitOutput.split(whole, 3), built);
  }

  @Test
  void inTrainingAStateGoesInPlaceOfTheLogits() {
    Sequential split = SplitOutput.split(WHOLE, 3);
    Sequential training = SplitOutput.inTraining(split);
    assertEquals(Shape.of(6), training.shape(2));
    assertEquals(Shape.of(6 + SoftmaxBlock.STATE), training.shape(3));
    assertEquals(Shape.of(6 + SoftmaxBlock.STATE), training.shape(4));
    assertEquals(Shape.of(SoftmaxBlock.STATE), training.output());
    for (int layer = 0; layer < split.layers().size(); layer++) {
      assertEquals(split.parameters(layer), training.parameters(layer));
    }
    BlockCrossEntropy loss = (BlockCrossEntropy) training.loss();
    assertEquals(WHOLE.loss(), loss.whole());
    assertEquals(10, loss.classes());
    assertTrue(training.layers().subList(2, 5).stream().allMatch(LossBlock.class::isInstance));
    assertTrue(WeightCompatibility.firstDifference(training, training).isEmpty());
    Sequential sequences =
        tokens().dense(20).splitOutput(2).loss(Losses.softmaxCrossEntropy()).build();
    assertEquals(Shape.of(3, SoftmaxBlock.STATE), SplitOutput.inTraining(sequences).output());
  }

  /** Which needs its logits, each for itself. */
  @Test
  void underAnotherLossBlocksStayAsTheyAre() {
    Sequential numbers =
        Sequential.input(4).dense(6).splitOutput(3).loss(Losses.squaredError()).build();
    assertSame(numbers, SplitOutput.inTraining(numbers));
  }

  @Test
  void blocksOfWhichSomeAreMissingAreNoSplitOutput() {
    Sequential split = SplitOutput.split(WHOLE, 3);
    List<Layer> layers = new ArrayList<>(split.layers());
    layers.add(Dense.of(10));
    Sequential behind = new Sequential(split.input(), layers, split.loss());
    assertTrue(SplitOutput.in(behind).isEmpty());
    assertSame(behind, SplitOutput.inTraining(behind));
    layers = new ArrayList<>(split.layers());
    layers.remove(2);
    layers.set(1, Dense.of(9));
    Sequential without = new Sequential(split.input(), layers, split.loss());
    assertTrue(SplitOutput.in(without).isEmpty());
  }

  @Test
  void jsonKeepsTheBlocks() {
    Sequential split = SplitOutput.split(WHOLE, 3);
    assertEquals(split, Sequential.fromJson(split.toJson()));
    assertEquals(split, Sequential.fromWire(split.toWire()));
    assertTrue(split.toJson().contains("\"type\":\"outputBlock\""), split.toJson());
    assertThrows(IllegalArgumentException.class, () -> SplitOutput.inTraining(split).toWire());
  }

  @Test
  void anythingButADenseLayerIsRefusedWithWhatToDo() {
    Sequential tied = tokens().tiedDense(0, 20).loss(Losses.softmaxCrossEntropy()).build();
    assertTrue(refused(tied, 2).contains("dense(vocabulary)"), refused(tied, 2));
    Sequential other =
        Sequential.input(3).dense(4, Activation.TANH).loss(Losses.softmaxCrossEntropy()).build();
    assertTrue(refused(other, 2).contains("only a dense layer"), refused(other, 2));
    String twice = refused(SplitOutput.split(WHOLE, 2), 3);
    assertTrue(twice.contains("split already"), twice);
    for (int blocks : new int[] {-1, 0, 11}) {
      String message = refused(WHOLE, blocks);
      assertTrue(message.contains("10 columns") && message.contains("" + blocks), message);
    }
  }

  private static String refused(Sequential network, int blocks) {
    return assertThrows(IllegalArgumentException.class, () -> SplitOutput.split(network, blocks))
        .getMessage();
  }
}
