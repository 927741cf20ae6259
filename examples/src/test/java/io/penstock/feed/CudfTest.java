package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Columns on the host, made by cuDF itself, out of the jar of the RAPIDS Accelerator: these need no
 * GPU. Here, not beside the other tests of this package, since this module has that jar. Tables on
 * a device, and copies from it, only a GPU can test.
 */
@Timeout(120)
class CudfTest {
  private static URLClassLoader rapids;
  private static Cudf cudf;
  private static Class<?> hostColumns;

  @BeforeAll
  static void load() throws Exception {
    Path folder = Path.of(System.getProperty("penstock.root"), "examples/target/rapids");
    try (Stream<Path> files = Files.list(folder)) {
      URL jar = files.findFirst().orElseThrow().toUri().toURL();
      rapids = new URLClassLoader(new URL[] {jar}, CudfTest.class.getClassLoader());
    }
    cudf = new Cudf(rapids);
    hostColumns = Class.forName("ai.rapids.cudf.HostColumnVector", true, rapids);
  }

  @AfterAll
  static void unload() throws Exception {
    rapids.close();
  }

  private static AutoCloseable made(String maker, Object values) throws Exception {
    Method method =
        Arrays.stream(hostColumns.getMethods())
            .filter(it -> it.getName().equals(maker) && it.getParameterCount() == 1)
            .findFirst()
            .orElseThrow();
    return (AutoCloseable) method.invoke(null, values);
  }

  @Test
  void numbersAndGapsAreThoseThatCudfHolds() throws Exception {
    check("fromBoxedFloats", DataTypes.FloatType, new Float[] {1.5f, null, -0f, Float.NaN});
    check("fromBoxedDoubles", DataTypes.DoubleType, new Double[] {null, 0.1, 1e300});
    check("fromBoxedLongs", DataTypes.LongType, new Long[] {Long.MIN_VALUE, null, 7L});
    check("fromBoxedInts", DataTypes.IntegerType, new Integer[] {1, -2, null});
    check("fromBoxedShorts", DataTypes.ShortType, new Short[] {-300, null});
    check("fromBoxedBytes", DataTypes.ByteType, new Byte[] {-3, null, 100});
    check("fromBoxedBooleans", DataTypes.BooleanType, new Boolean[] {true, null, false});
    check("fromBoxedInts", DataTypes.IntegerType, new Integer[] {1, 2, 3}); // no validity at all
  }

  private static void check(String maker, DataType type, Object[] values) throws Exception {
    try (AutoCloseable host = made(maker, values)) {
      HostVector column = cudf.vector(host, type);
      int nulls = (int) Arrays.stream(values).filter(value -> value == null).count();
      assertEquals(nulls, column.numNulls());
      for (int row = 0; row < values.length; row++) {
        Object value = column.isNullAt(row) ? null : get(column, row, type);
        assertEquals(values[row], value, maker + " " + row);
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
  void arraysAreThoseThatCudfHolds() throws Exception {
    Object floats =
        Class.forName("ai.rapids.cudf.DType", true, rapids).getField("FLOAT32").get(null);
    Object element = type("BasicType").getConstructors()[0].newInstance(true, floats);
    Object list = type("ListType").getConstructors()[0].newInstance(true, element);
    Object rows = Array.newInstance(List.class, 4);
    Array.set(rows, 0, List.of(1f, 2f));
    Array.set(rows, 2, List.of());
    Array.set(rows, 3, Arrays.asList(3f, null));
    Method maker = hostColumns.getMethod("fromLists", type("DataType"), List[].class);
    try (AutoCloseable host = (AutoCloseable) maker.invoke(null, list, rows)) {
      HostVector column = cudf.vector(host, DataTypes.createArrayType(DataTypes.FloatType));
      assertEquals(2, column.getArray(0).numElements());
      assertEquals(2f, column.getArray(0).getFloat(1));
      assertTrue(column.isNullAt(1));
      assertEquals(0, column.getArray(2).numElements());
      assertEquals(3f, column.getArray(3).getFloat(0));
      assertTrue(column.getArray(3).isNullAt(1));
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName("ai.rapids.cudf.HostColumnVector$" + name, true, rapids);
  }
}
