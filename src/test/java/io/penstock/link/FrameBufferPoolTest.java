package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ShelfTest {
  private final Shelf shelf = new Shelf(new HostTransfer());

  private INDArray take(long... shape) {
    return shelf.take(DataType.FLOAT, shape, 'c');
  }

  @Test
  void whatIsPutBackIsTakenAgain() {
    INDArray first = take(2, 3);
    shelf.putBack(first);
    assertSame(first, take(2, 3));
  }

  @Test
  void whatIsOutIsNotGivenTwice() {
    INDArray first = take(2, 3);
    assertNotSame(first, take(2, 3));
    shelf.putBack(first);
    shelf.putBack(first);
    assertSame(first, take(2, 3));
    assertNotSame(first, take(2, 3));
  }

  @Test
  void anotherTypeShapeOrOrderingIsAnotherArray() {
    INDArray array = take(2, 3);
    shelf.putBack(array);
    assertArrayEquals(new long[] {3, 2}, take(3, 2).shape());
    assertEquals(DataType.DOUBLE, shelf.take(DataType.DOUBLE, new long[] {2, 3}, 'c').dataType());
    assertEquals('f', shelf.take(DataType.FLOAT, new long[] {2, 3}, 'f').ordering());
    assertSame(array, take(2, 3));
  }

  @Test
  void aStrangersArrayAndAViewAreLeftAlone() {
    INDArray array = take(2, 3);
    shelf.putBack(Nd4j.ones(DataType.FLOAT, 2, 3));
    shelf.putBack(array.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all()));
    shelf.putBack(array.reshape(2, 3));
    assertNotSame(array, take(2, 3));
    shelf.putBack(array);
    assertSame(array, take(2, 3));
  }

  @Test
  void aClosedArrayIsNotKept() {
    INDArray array = take(2, 3);
    array.close();
    shelf.putBack(array);
    assertNotSame(array, take(2, 3));
  }

  @Test
  void framesOfVaryingLengthsDoNotGather() {
    for (int length = 1; length <= 500; length++) {
      shelf.putBack(take(length));
    }
    assertTrue(shelf.spareBytes() <= 4 * 4 * 500, shelf.spareBytes() + " bytes");
    INDArray last = take(500);
    shelf.putBack(last);
    assertSame(last, take(500));
  }
}
