package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.Precisions;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class RecurrentTest {
  static List<LongFunction<Recurrent>> kinds() {
    return List.of(Lstm::new, Gru::new);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void singleAndDoublePrecisionAgree(LongFunction<Recurrent> ofWidth) {
    Precisions.agree(ofWidth.apply(16), Shape.of(7, 8), 3, 1e-4);
    Precisions.agree(ofWidth.apply(5), Shape.of(4, 3), 2, 1e-4);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aShorterRunGivesTheFirstNumbersOfALonger(LongFunction<Recurrent> ofWidth) {
    Recurrent layer = ofWidth.apply(8);
    Parameters p = Parameters.initial(layer.parameters(Shape.of(9, 16)), 1, 0);
    INDArray x = Data.random(1, DataType.FLOAT, 3, 9, 16);
    INDArray first = x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 4));
    INDArray all = layer.forward(x, p, Data.TRAINING).output();
    assertArrayEquals(
        Data.values(all.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 4))),
        Data.values(layer.forward(first, p, Data.TRAINING).output()),
        1e-6);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void itTakesSequencesOnly(LongFunction<Recurrent> ofWidth) {
    assertThrows(ShapeException.class, () -> ofWidth.apply(0));
    Recurrent layer = ofWidth.apply(3);
    String message =
        assertThrows(ShapeException.class, () -> layer.outputShape(Shape.of(4))).getMessage();
    assertTrue(message.startsWith(layer.called()), message);
  }
}
