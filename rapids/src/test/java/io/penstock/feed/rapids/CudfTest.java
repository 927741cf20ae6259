package io.penstock.feed.rapids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.rapids.cudf.DType;
import ai.rapids.cudf.HostColumnVector;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Columns on the host, made by cuDF itself: these need no GPU. Tables on a device, and copies from
 * it, only a GPU can test.
 */
@Timeout(120)
class CudfTest {
  @Test
  void numbersAndGapsAreThoseThatCudfHolds() {
    Float[] floats = {1.5f, null, -0f, Float.NaN};
    check(HostColumnVector.fromBoxedFloats(floats), DataTypes.FloatType, floats);
    Double[] doubles = {null, 0.1, 1e300};
    check(HostColumnVector.fromBoxedDoubles(doubles), DataTypes.DoubleType, doubles);
    Long[] longs = {Long.MIN_VALUE, null, 7L};
    check(HostColumnVector.fromBoxedLongs(longs), DataTypes.LongType, longs);
    Integer[] ints = {1, -2, null};
    check(HostColumnVector.fromBoxedInts(ints), DataTypes.IntegerType, ints);
    Short[] shorts = {-300, null};
    check(HostColumnVector.fromBoxedShorts(shorts), DataTypes.ShortType, shorts);
    Byte[] bytes = {-3, null, 100};
    check(HostColumnVector.fromBoxedBytes(bytes), DataTypes.ByteType, bytes);
    Boolean[] booleans = {true, null, false};
    check(HostColumnVector.fromBoxedBooleans(booleans), DataTypes.BooleanType, booleans);
    Integer[] full = {1, 2, 3}; // no validity at all
    check(HostColumnVector.fromBoxedInts(full), DataTypes.IntegerType, full);
  }

  private static void check(HostColumnVector made, DataType type, Object[] values) {
    try (HostColumnVector host = made) {
      HostVector column = Cudf.vector(host, type);
      int nulls = (int) Arrays.stream(values).filter(value -> value == null).count();
      assertEquals(nulls, column.numNulls());
      for (int row = 0; row < values.length; row++) {
        Object value = column.isNullAt(row) ? null : get(column, row, type);
        assertEquals(values[row], value, type + " " + row);
      }
    }
  }

  private static Object get(HostVector column, int row, DataType type) {
    return switch (type.typeName()) {
      case "float" -> column.getFloat(row);
      case "double" -> column.getDouble(row);
      case "long" -> column.getLong(row);
      case "integer" -> column.getInt(row);
      case "short" -> column.getShort(row);
      case "byte" -> column.getByte(row);
      default -> column.getBoolean(row);
    };
  }

  @Test
  void arraysAreThoseThatCudfHolds() {
    HostColumnVector.DataType floats =
        new HostColumnVector.ListType(true, new HostColumnVector.BasicType(true, DType.FLOAT32));
    try (HostColumnVector host =
        HostColumnVector.fromLists(
            floats, List.of(1f, 2f), null, List.<Float>of(), Arrays.asList(3f, null))) {
      HostVector column = Cudf.vector(host, DataTypes.createArrayType(DataTypes.FloatType));
      assertEquals(2, column.getArray(0).numElements());
      assertEquals(2f, column.getArray(0).getFloat(1));
      assertTrue(column.isNullAt(1));
      assertEquals(0, column.getArray(2).numElements());
      assertEquals(3f, column.getArray(3).getFloat(0));
      assertTrue(column.getArray(3).isNullAt(1));
    }
  }
}
