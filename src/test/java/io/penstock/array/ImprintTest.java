package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ImprintTest {
  @Test
  void anyNumberThatChangesIsSeenInAnyMemoryOrder() {
    INDArray whole = Nd4j.rand(DataType.FLOAT, 6, 5);
    INDArray rows = whole.get(NDArrayIndex.interval(2, 4), NDArrayIndex.all());
    for (INDArray array : new INDArray[] {whole.dup('c'), whole.dup('f'), rows}) {
      for (int i = 0; i < array.length(); i++) {
        Imprint before = Imprint.of(array).orElseThrow();
        assertTrue(before.isTrue());
        array.putScalar(i, array.getFloat(i) + 1);
        assertFalse(before.isTrue(), "number " + i);
      }
    }
  }

  @Test
  void whatIsNoNumberStaysTheSame() {
    INDArray array = Nd4j.valueArrayOf(new long[] {3}, Double.NaN, DataType.FLOAT);
    assertTrue(Imprint.of(array).orElseThrow().isTrue());
  }

  @Test
  void whatIsWrittenElsewhereIsNotSeen() {
    INDArray whole = Nd4j.rand(DataType.FLOAT, 6, 5);
    INDArray rows = whole.get(NDArrayIndex.interval(2, 4), NDArrayIndex.all());
    Imprint before = Imprint.of(rows).orElseThrow();
    whole.putScalar(0, 9);
    assertTrue(before.isTrue());
  }
}
