package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FrameBufferPoolTest {
  private final FrameBufferPool pool = new FrameBufferPool(new HostTransfer());

  private INDArray take(long... shape) {
    return pool.take(DataType.FLOAT, shape, 'c');
  }

  @Test
  void whatIsPutBackIsTakenAgain() {
    INDArray first = take(2, 3);
    pool.putBack(first);
    assertSame(first, take(2, 3));
  }

  @Test
  void whatIsOutIsNotGivenTwice() {
    INDArray first = take(2, 3);
    assertNotSame(first, take(2, 3));
    pool.putBack(first);
    pool.putBack(first);
    assertSame(first, take(2, 3));
    assertNotSame(first, take(2, 3));
  }

  @Test
  void aClosedPoolFreesWhatIsSpareAndWhatComesBack() {
    INDArray spare = take(2, 3);
    INDArray out = take(2, 3);
    pool.putBack(spare);
    pool.close();
    assertTrue(spare.wasClosed());
    assertFalse(out.wasClosed());
    assertTrue(pool.putBack(out));
    assertTrue(out.wasClosed());
    assertEquals(0, pool.spareBytes());
  }

  @Test
  void anotherTypeShapeOrOrderingIsAnotherArray() {
    INDArray array = take(2, 3);
    pool.putBack(array);
    assertArrayEquals(new long[] {3, 2}, take(3, 2).shape());
    assertEquals(DataType.DOUBLE, pool.take(DataType.DOUBLE, new long[] {2, 3}, 'c').dataType());
    assertEquals('f', pool.take(DataType.FLOAT, new long[] {2, 3}, 'f').ordering());
    assertSame(array, take(2, 3));
  }

  @Test
  void aStrangersArrayAndAViewAreLeftAlone() {
    INDArray array = take(2, 3);
    pool.putBack(Nd4j.ones(DataType.FLOAT, 2, 3));
    pool.putBack(array.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all()));
    pool.putBack(array.reshape(2, 3));
    assertNotSame(array, take(2, 3));
    pool.putBack(array);
    assertSame(array, take(2, 3));
  }

  @Test
  void aClosedArrayIsNotKept() {
    INDArray array = take(2, 3);
    array.close();
    pool.putBack(array);
    assertNotSame(array, take(2, 3));
  }

  @Test
  void framesOfVaryingLengthsDoNotGather() {
    for (int length = 1; length <= 500; length++) {
      pool.putBack(take(length));
    }
    assertTrue(pool.spareBytes() <= 4 * 4 * 500, pool.spareBytes() + " bytes");
    INDArray last = take(500);
    pool.putBack(last);
    assertSame(last, take(500));
  }
}
