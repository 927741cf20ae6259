package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Backward;
import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.WeightInit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class OutputBlockTest {
  private static final int INNER = 6;
  private static final int OF = 7;

  /** Columns 0 to 2, 2 to 5, 5 to 7. */
  private static List<OutputBlock> blocks(boolean bias) {
    return List.of(
        new OutputBlock(2, 0, OF, bias, 1, null),
        new OutputBlock(3, 2, OF, bias, 1, null),
        new OutputBlock(2, 5, OF, bias, 1, null));
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void blocksInARowAreTheDenseLayerOfAllColumns(DataType type) {
    for (long[] shape : new long[][] {{4, INNER}, {2, 3, INNER}}) {
      for (boolean bias : new boolean[] {true, false}) {
        Dense whole = new Dense(OF, bias, 1);
        Parameters all = Parameters.initial(whole.parameters(Shape.of(INNER)), 3, 0, type);
        INDArray x = Data.random(1, type, shape);
        long[] out = shape.clone();
        out[out.length - 1] = OF;
        INDArray g = Data.random(2, type, out);
        Forward expected = whole.forward(x, all, Data.TRAINING);
        Parameters sums = Parameters.zeros(all.specs(), type);
        expected.backward().weightGradient(g, sums);

        List<Backward> backs = new ArrayList<>();
        List<Parameters> blockSums = new ArrayList<>();
        INDArray y = x;
        for (OutputBlock block : blocks(bias)) {
          Parameters own = columns(block, all, type);
          Forward forward = block.forward(y, own, Data.TRAINING);
          backs.add(forward.backward());
          blockSums.add(Parameters.zeros(own.specs(), type));
          y = forward.output();
        }
        double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-12;
        Data.assertClose(Data.values(expected.output()), y, tolerance);
        INDArray back = g;
        for (int i = backs.size() - 1; i >= 0; i--) {
          backs.get(i).weightGradient(back, blockSums.get(i));
          back = backs.get(i).inputGradient(back);
        }
        Data.assertClose(Data.values(expected.backward().inputGradient(g)), back, tolerance);
        for (int i = 0; i < backs.size(); i++) {
          Parameters wanted = columns(blocks(bias).get(i), sums, type);
          Data.assertClose(Data.values(wanted.flat()), blockSums.get(i).flat(), tolerance);
        }
      }
    }
  }

  static Parameters columns(OutputBlock block, Parameters all, DataType type) {
    Parameters own = Parameters.zeros(block.parametersOf(all.get("weights").size(0)), type);
    own.get("weights")
        .assign(
            all.get("weights")
                .get(
                    NDArrayIndex.all(),
                    NDArrayIndex.interval(block.before(), block.before() + block.outputs())));
    if (block.bias()) {
      own.get("bias")
          .assign(
              all.get("bias")
                  .get(NDArrayIndex.interval(block.before(), block.before() + block.outputs())));
    }
    return own;
  }

  @Test
  void rowsGrowByTheLogitsAndTheLastBlockKeepsThemAlone() {
    List<OutputBlock> blocks = blocks(true);
    assertEquals(Shape.of(INNER + 2), blocks.get(0).outputShape(Shape.of(INNER)));
    assertEquals(Shape.of(INNER + 5), blocks.get(1).outputShape(Shape.of(INNER + 2)));
    assertEquals(Shape.of(OF), blocks.get(2).outputShape(Shape.of(INNER + 5)));
    assertEquals(Shape.of(4, OF), blocks.get(2).outputShape(Shape.of(4, INNER + 5)));
  }

  /** So that an output begins as spread as the whole layer's does. */
  @Test
  void weightsBeginAsThoseOfTheWholeLayer() {
    OutputBlock block = new OutputBlock(2, 0, OF, true, 0.5, WeightInit.XAVIER);
    assertEquals(
        new Dense(OF, true, 0.5, WeightInit.XAVIER).parameters(Shape.of(INNER)).get(0).init(),
        block.parameters(Shape.of(INNER)).get(0).init());
    assertEquals(List.of(6L, 2L), block.parameters(Shape.of(INNER)).get(0).shape());
  }

  @Test
  void operationsOfAllBlocksAreThoseOfTheWholeLayer() {
    long sum = 0;
    long width = INNER;
    for (OutputBlock block : blocks(true)) {
      sum += block.flops(Shape.of(width));
      width += block.outputs();
    }
    assertEquals(Dense.of(OF).flops(Shape.of(INNER)), sum);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThrows(ShapeException.class, () -> new OutputBlock(0, 0, 3, true, 1, null));
    assertThrows(ShapeException.class, () -> new OutputBlock(3, 1, 3, true, 1, null));
    assertThrows(ShapeException.class, () -> new OutputBlock(1, -1, 3, true, 1, null));
    assertThrows(
        IllegalArgumentException.class, () -> new OutputBlock(1, 0, 3, true, Double.NaN, null));
    OutputBlock later = blocks(true).get(1);
    ShapeException e = assertThrows(ShapeException.class, () -> later.outputShape(Shape.of(2)));
    assertTrue(e.getMessage().contains("one behind the other"), e.getMessage());
    assertThrows(ShapeException.class, () -> later.outputShape(Shape.of(2, 3, 4)));
    Parameters own = Parameters.zeros(later.parametersOf(INNER));
    assertThrows(
        ShapeException.class,
        () -> later.forward(Data.random(1, DataType.FLOAT, 2, INNER), own, Data.TRAINING));
  }

  @Test
  void weightsMeanTheSameInTheSameColumnsOnly() {
    OutputBlock one = new OutputBlock(2, 0, OF, true, 1, null);
    assertEquals(
        one.weightCompatibility(),
        new OutputBlock(2, 0, OF, true, 3, WeightInit.ZEROS).weightCompatibility());
    assertNotEquals(
        one.weightCompatibility(), new OutputBlock(2, 2, OF, true, 1, null).weightCompatibility());
    assertEquals(one.weightCompatibility(), new LossBlock(one).weightCompatibility());
  }
}
