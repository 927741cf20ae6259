package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;

class BatchRowsTest {
  private final List<Integer> closed = new ArrayList<>();

  /** A batch whose only column holds these numbers; its first tells that it was closed. */
  private ColumnarBatch batch(int... numbers) {
    OnHeapColumnVector column = new OnHeapColumnVector(numbers.length, DataTypes.IntegerType);
    column.putInts(0, numbers.length, numbers, 0);
    return new ColumnarBatch(new ColumnVector[] {column}, numbers.length) {
      @Override
      public void close() {
        closed.add(numbers.length == 0 ? 0 : numbers[0]);
        super.close();
      }
    };
  }

  @Test
  void rowsComeInOrderAndABatchIsClosedBehindItsLast() {
    BatchRows rows =
        new BatchRows(List.of(batch(1, 2), batch(), batch(3)).iterator(), ColumnarBatch::close);
    assertEquals(1, rows.next().getInt(0));
    assertEquals(2, rows.next().getInt(0));
    assertEquals(List.of(), closed);
    assertEquals(3, rows.next().getInt(0));
    assertEquals(List.of(1, 0), closed);
    assertFalse(rows.hasNext());
    assertEquals(List.of(1, 0, 3), closed);
    assertThrows(NoSuchElementException.class, rows::next);
  }

  @Test
  void aBatchThatIsGivenUpIsClosedOnce() {
    BatchRows rows = new BatchRows(List.of(batch(1, 2)).iterator(), ColumnarBatch::close);
    rows.next();
    rows.close();
    rows.close();
    assertEquals(List.of(1), closed);
    assertFalse(rows.hasNext());
  }
}
