package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.nn.Backward;
import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Gradients;
import io.penstock.nn.Loss;
import io.penstock.nn.NotFinite;
import io.penstock.nn.Parameters;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.Shape;
import io.penstock.nn.loss.BlockCrossEntropy;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Blocks of a loss in a row are the whole layer and its softmax cross-entropy. */
class LossBlockTest {
  private static final int INNER = 5;

  /** A split output with its loss: of a dense layer's parameters, some rows and their labels. */
  private record Split(
      List<LossBlock> blocks,
      Parameters all,
      SoftmaxCrossEntropy whole,
      INDArray x,
      INDArray labels,
      SampleWeights weights) {

    static Split of(
        DataType type, int blocks, int classes, SoftmaxCrossEntropy loss, long... shape) {
      Parameters all =
          Parameters.initial(Dense.of(classes).parameters(Shape.of(INNER)), 3, 0, type);
      all.get("bias").assign(Data.random(5, type, classes));
      List<LossBlock> list = new ArrayList<>();
      for (int block = 0; block < blocks; block++) {
        long from = (long) block * classes / blocks;
        long to = (block + 1L) * classes / blocks;
        list.add(new LossBlock(new OutputBlock(to - from, from, classes, true, 1, null)));
      }
      INDArray x = Data.random(1, type, shape);
      long places = shape.length > 2 ? shape[1] : 1;
      float[] ids = new float[(int) (shape[0] * places)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = shape.length > 2 && i % 4 == 3 ? -1 : i * 5 % classes;
      }
      float[] weights = new float[(int) shape[0]];
      for (int row = 0; row < weights.length; row++) {
        weights[row] = row % 3 * 0.75f;
      }
      return new Split(
          list,
          all,
          loss,
          x,
          Nd4j.createFromArray(ids).reshape('c', shape[0], places),
          SampleWeights.of(weights));
    }

    Loss loss() {
      return new BlockCrossEntropy(whole, Math.toIntExact(all.get("bias").length()));
    }

    List<Forward> forward() {
      List<Forward> done = new ArrayList<>();
      INDArray y = x;
      for (LossBlock block : blocks) {
        Parameters own = OutputBlockTest.columns(block.block(), all, x.dataType());
        done.add(block.forward(y, own, Data.TRAINING.labelled(labels)));
        y = done.get(done.size() - 1).output();
      }
      return done;
    }

    double score() {
      return loss().score(output(), labels, weights);
    }

    INDArray output() {
      return forward().get(blocks.size() - 1).output();
    }
  }

  static List<SoftmaxCrossEntropy> losses() {
    SoftmaxCrossEntropy plain = Losses.softmaxCrossEntropy();
    double[] classes = new double[7];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = 0.5 + i % 3;
    }
    return List.of(plain, plain.smoothed(0.1), plain.smoothed(0.2).weighted(classes));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossAndGradientsAreThoseOfTheWholeLayer(SoftmaxCrossEntropy loss) {
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      double tolerance = type == DataType.DOUBLE ? 1e-12 : 2e-6;
      for (int blocks : new int[] {1, 2, 3, 7}) {
        for (long[] shape : new long[][] {{6, INNER}, {3, 4, INNER}}) {
          assertIsWhole(Split.of(type, blocks, 7, loss, shape), tolerance);
        }
      }
    }
  }

  /** On both sides of where kernels for many classes begin. */
  @Test
  void manyClassesAreTheSame() {
    SoftmaxCrossEntropy smoothed = Losses.softmaxCrossEntropy().smoothed(0.1);
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      double tolerance = type == DataType.DOUBLE ? 1e-12 : 2e-6;
      assertIsWhole(Split.of(type, 3, 250, smoothed, 9, INNER), tolerance);
      assertIsWhole(Split.of(type, 2, 100, Losses.softmaxCrossEntropy(), 2, 5, INNER), tolerance);
    }
  }

  private static void assertIsWhole(Split split, double tolerance) {
    DataType type = split.x.dataType();
    Dense dense = Dense.of(split.all.get("bias").length());
    Forward whole = dense.forward(split.x, split.all, Data.TRAINING);
    INDArray g = Memory.FRESH.like(whole.output());
    double expected =
        split.whole.gradient(
            whole.output(), split.labels, split.weights, 0.25, g, Memory.FRESH.compute(g));
    Parameters sums = Parameters.zeros(split.all.specs(), type);
    whole.backward().weightGradient(g, sums);

    List<Forward> done = split.forward();
    INDArray output = done.get(done.size() - 1).output();
    INDArray back = Memory.FRESH.like(output);
    double score =
        split
            .loss()
            .gradient(output, split.labels, split.weights, 0.25, back, Memory.FRESH.compute(g));
    assertEquals(expected, score, tolerance * (1 + expected));
    assertEquals(score, split.score(), 0);
    assertEquals(
        split.whole.weight(split.labels, split.weights),
        split.loss().weight(split.labels, split.weights));
    assertEquals(
        split.whole.metric().sum(whole.output(), split.labels, split.weights),
        split.loss().metric().sum(output, split.labels, split.weights));
    assertEquals(
        split.whole.metric().count(split.labels, split.weights),
        split.loss().metric().count(split.labels, split.weights));
    for (int i = done.size() - 1; i >= 0; i--) {
      Parameters wanted = OutputBlockTest.columns(split.blocks.get(i).block(), sums, type);
      Parameters own = Parameters.zeros(wanted.specs(), type);
      Backward backward = done.get(i).backward();
      backward.weightGradient(back, own);
      back = backward.inputGradient(back);
      Data.assertClose(Data.values(wanted.flat()), own.flat(), tolerance);
    }
    Data.assertClose(Data.values(whole.backward().inputGradient(g)), back, tolerance);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void gradientsAgreeWithCentralDifferencesOfTheLoss(SoftmaxCrossEntropy loss) {
    for (long[] shape : new long[][] {{4, INNER}, {2, 3, INNER}}) {
      Split split = Split.of(DataType.DOUBLE, 3, 7, loss, shape);
      List<Forward> done = split.forward();
      INDArray output = done.get(2).output();
      INDArray back = Memory.FRESH.like(output);
      split
          .loss()
          .gradient(output, split.labels, split.weights, 1, back, Memory.FRESH.compute(back));
      for (int i = 2; i >= 0; i--) {
        back = done.get(i).backward().inputGradient(back);
      }
      Gradients.check("rows", split.x, back, split::score);
    }
  }

  @Test
  void logitsOfAnySizeNeitherOverflowNorVanish() {
    for (int classes : new int[] {6, 300}) {
      for (double size : new double[] {1e4, -1e4}) {
        Split split = Split.of(DataType.FLOAT, 3, classes, Losses.softmaxCrossEntropy(), 4, INNER);
        split.all.get("weights").assign(0);
        split.all.get("bias").assign(-size);
        split.all.get("bias").putScalar(1, size); // in the first block, or all but that
        List<Forward> done = split.forward();
        INDArray output = done.get(2).output();
        assertTrue(NotFinite.in("", output).isEmpty(), output.toString());
        INDArray back = Memory.FRESH.like(output);
        Loss whole = Losses.softmaxCrossEntropy();
        double score =
            split
                .loss()
                .gradient(output, split.labels, split.weights, 1, back, Memory.FRESH.compute(back));
        INDArray logits = Dense.of(classes).forward(split.x, split.all, Data.TRAINING).output();
        assertEquals(
            whole.score(logits, split.labels, split.weights), score, 1e-6 * Math.abs(score) + 1e-3);
        for (int i = 2; i >= 0; i--) {
          back = done.get(i).backward().inputGradient(back);
          assertTrue(NotFinite.in("", back).isEmpty(), back.toString());
        }
      }
    }
  }

  /** As a whole row's softmax has it: of equals the first. */
  @Test
  void theStateNamesTheFirstOfTheLargest() {
    Split split = Split.of(DataType.FLOAT, 3, 6, Losses.softmaxCrossEntropy(), 1, INNER);
    split.all.get("weights").assign(0);
    for (int best = 0; best < 6; best++) {
      split.all.get("bias").assign(0);
      for (int i = best; i < 6; i++) {
        split.all.get("bias").putScalar(i, 2);
      }
      assertEquals(best, split.output().getDouble(0, SoftmaxBlock.BEST));
      assertEquals(2, split.output().getDouble(0, SoftmaxBlock.MAX));
    }
  }

  @Test
  void labelsOfNoClassAreRefused() {
    for (float bad : new float[] {-1, 7, 0.5f, Float.NaN}) {
      Split split = Split.of(DataType.FLOAT, 2, 7, Losses.softmaxCrossEntropy(), 3, INNER);
      split.labels.putScalar(1, 0, bad);
      String message = assertThrows(IllegalArgumentException.class, split::forward).getMessage();
      assertTrue(message.contains("row 1") && message.contains("0 to 6"), message);
    }
  }

  @Test
  void withoutLabelsNothingIsLearnt() {
    LossBlock block = new LossBlock(new OutputBlock(2, 0, 3, true, 1, null));
    Parameters own = Parameters.zeros(block.parameters(Shape.of(INNER)));
    INDArray x = Data.random(1, DataType.FLOAT, 2, INNER);
    String message =
        assertThrows(IllegalArgumentException.class, () -> block.forward(x, own, Data.TRAINING))
            .getMessage();
    assertTrue(message.contains("labels"), message);
  }

  /** That of what a row's backward reads: rows, softmax, states, and the gradients of all. */
  @Test
  void theStashCountsWhatLivesUntilTheBackward() {
    LossBlock middle = new LossBlock(new OutputBlock(100, 50, 200, true, 1, null));
    long state = SoftmaxBlock.STATE;
    // The part of the gradient that the blocks behind add comes once, in the backward.
    assertEquals(
        2 * ((INNER + state) + 100 + INNER + 2 * state + 1) + INNER,
        middle.stashedFloats(Shape.of(INNER + state)));
    assertEquals(
        3 * middle.stashedFloats(Shape.of(INNER + state)),
        middle.stashedFloats(Shape.of(3, INNER + state)));
  }
}
