package io.penstock.feed.rapids;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class HostVectorTest {
  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }

  private static ByteBuffer floats(float... values) {
    ByteBuffer bytes = bytes(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  @Test
  void numbersAreReadWhereTheyLie() {
    ByteBuffer eight = bytes(16).putLong(0, -3).putLong(8, Long.MAX_VALUE);
    HostVector longs = HostVector.of(DataTypes.LongType, eight, null, 0);
    assertEquals(-3, longs.getLong(0));
    assertEquals(Long.MAX_VALUE, longs.getLong(1));
    ByteBuffer doubles = bytes(16).putDouble(8, 0.1);
    assertEquals(0.1, HostVector.of(DataTypes.DoubleType, doubles, null, 0).getDouble(1));
    ByteBuffer ints = bytes(8).putInt(4, -7);
    assertEquals(-7, HostVector.of(DataTypes.IntegerType, ints, null, 0).getInt(1));
    ByteBuffer shorts = bytes(4).putShort(2, (short) -300);
    assertEquals(-300, HostVector.of(DataTypes.ShortType, shorts, null, 0).getShort(1));
    ByteBuffer small = bytes(2).put(1, (byte) 1);
    assertEquals(1, HostVector.of(DataTypes.ByteType, small, null, 0).getByte(1));
    assertTrue(HostVector.of(DataTypes.BooleanType, small, null, 0).getBoolean(1));
    assertFalse(HostVector.of(DataTypes.BooleanType, small, null, 0).getBoolean(0));
  }

  @Test
  void aClearedBitIsANull() {
    ByteBuffer valid = bytes(2).put(0, (byte) 0b1111_1101).put(1, (byte) 0b0000_0001);
    HostVector column =
        HostVector.of(DataTypes.FloatType, floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), valid, 2);
    assertTrue(column.hasNull());
    for (int row = 0; row < 10; row++) {
      assertEquals(row == 1 || row == 9, column.isNullAt(row), "row " + row);
    }
    assertEquals(9, column.getFloat(8));
  }

  @Test
  void anArrayEndsWhereTheNextBegins() {
    ByteBuffer offsets = bytes(16);
    offsets.asIntBuffer().put(new int[] {0, 2, 2, 3});
    HostVector column =
        HostVector.arrays(
            offsets, HostVector.of(DataTypes.FloatType, floats(1, 2, 3), null, 0), null, 0);
    assertArrayEquals(new float[] {1, 2}, column.getArray(0).toFloatArray());
    assertEquals(0, column.getArray(1).numElements());
    assertArrayEquals(new float[] {3}, column.getArray(2).toFloatArray());
  }

  @Test
  void itsOwnerIsClosedWithIt() {
    AtomicInteger closed = new AtomicInteger();
    HostVector.of(DataTypes.FloatType, floats(1), null, 0).ownedBy(closed::incrementAndGet).close();
    assertEquals(1, closed.get());
  }

  @Test
  void vectorsDecimalsAndStringsAreNotHeld() {
    for (DataType type :
        List.of(
            SQLDataTypes.VectorType(),
            DataTypes.createDecimalType(9, 2),
            DataTypes.StringType,
            DataTypes.createArrayType(DataTypes.StringType))) {
      assertFalse(HostVector.holds(type), type.catalogString());
    }
    assertTrue(HostVector.holds(DataTypes.createArrayType(DataTypes.FloatType)));
  }
}
