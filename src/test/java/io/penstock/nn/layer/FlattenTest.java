package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FlattenTest {
  @Test
  void theLastDimensionRunsFastestWhateverTheMemoryOrder() {
    double[] numbers = new double[12];
    for (int i = 0; i < 12; i++) {
      numbers[i] = i;
    }
    INDArray images = Nd4j.createFromArray(numbers).reshape('c', 2, 3, 2).dup('f');
    Forward forward = new Flatten().forward(images, Parameters.zeros(List.of()), Data.TRAINING);
    assertArrayEquals(new long[] {2, 6}, forward.output().shape());
    Data.assertClose(numbers, forward.output(), 0);
    INDArray back = forward.backward().inputGradient(forward.output().dup('f'));
    assertArrayEquals(new long[] {2, 3, 2}, back.shape());
    Data.assertClose(numbers, back, 0);
  }

  @Test
  void rowsBecomeOneDimensional() {
    assertEquals(Shape.of(2352), new Flatten().outputShape(Shape.of(3, 28, 28)));
  }
}
