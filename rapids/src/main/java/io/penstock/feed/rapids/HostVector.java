package io.penstock.feed.rapids;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A column of a batch in the host's memory, as Arrow and cuDF lay it: the values side by side, a
 * bit a row that says whether there is one, and of arrays where each ends among its elements, which
 * are a column themselves. Of booleans each is a byte. Nothing is copied; the buffers' owner is
 * closed with the column.
 */
final class HostVector extends ColumnVector {
  private static final AutoCloseable NOTHING = () -> {};

  private final ByteBuffer values;
  private final ByteBuffer validity;
  private final ByteBuffer ends;
  private final HostVector elements;
  private final int nulls;
  private final AutoCloseable owner;

  private HostVector(
      DataType type,
      ByteBuffer values,
      ByteBuffer validity,
      ByteBuffer ends,
      HostVector elements,
      int nulls,
      AutoCloseable owner) {
    super(type);
    this.values = ordered(values);
    this.validity = validity;
    this.ends = ordered(ends);
    this.elements = elements;
    this.nulls = nulls;
    this.owner = owner;
  }

  /**
   * A column of numbers or booleans.
   *
   * @param values in the machine's byte order; may be null where there are no rows
   * @param validity bits, the lowest of each byte first; null where every row has a value
   */
  static HostVector of(DataType type, ByteBuffer values, ByteBuffer validity, int nulls) {
    return new HostVector(type, values, validity, null, null, nulls, NOTHING);
  }

  /**
   * A column of arrays.
   *
   * @param offsets where each row's elements begin, and behind the last row's where they end
   * @param validity as of numbers
   */
  static HostVector arrays(
      ByteBuffer offsets, HostVector elements, ByteBuffer validity, int nulls) {
    DataType type = DataTypes.createArrayType(elements.dataType());
    return new HostVector(type, null, validity, offsets, elements, nulls, NOTHING);
  }

  /** The same column, with what is to be closed with it. */
  HostVector ownedBy(AutoCloseable closed) {
    return new HostVector(type, values, validity, ends, elements, nulls, closed);
  }

  /** Whether a column of this type can be laid out so. */
  static boolean holds(DataType type) {
    return type instanceof ArrayType array ? isFixed(array.elementType()) : isFixed(type);
  }

  private static boolean isFixed(DataType type) {
    return DataTypes.BooleanType.equals(type)
        || DataTypes.ByteType.equals(type)
        || DataTypes.ShortType.equals(type)
        || DataTypes.IntegerType.equals(type)
        || DataTypes.LongType.equals(type)
        || DataTypes.FloatType.equals(type)
        || DataTypes.DoubleType.equals(type);
  }

  private static ByteBuffer ordered(ByteBuffer buffer) {
    return buffer == null ? null : buffer.duplicate().order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    try {
      owner.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a column cannot be closed", e);
    }
  }

  @Override
  public boolean hasNull() {
    return nulls > 0;
  }

  @Override
  public int numNulls() {
    return nulls;
  }

  @Override
  public boolean isNullAt(int row) {
    return validity != null && (validity.get(row >> 3) >> (row & 7) & 1) == 0;
  }

  @Override
  public boolean getBoolean(int row) {
    return values.get(row) != 0;
  }

  @Override
  public byte getByte(int row) {
    return values.get(row);
  }

  @Override
  public short getShort(int row) {
    return values.getShort(row * Short.BYTES);
  }

  @Override
  public int getInt(int row) {
    return values.getInt(row * Integer.BYTES);
  }

  @Override
  public long getLong(int row) {
    return values.getLong(row * Long.BYTES);
  }

  @Override
  public float getFloat(int row) {
    return values.getFloat(row * Float.BYTES);
  }

  @Override
  public double getDouble(int row) {
    return values.getDouble(row * Double.BYTES);
  }

  @Override
  public ColumnarArray getArray(int row) {
    int first = ends.getInt(row * Integer.BYTES);
    int end = ends.getInt((row + 1) * Integer.BYTES);
    return new ColumnarArray(elements, first, end - first);
  }

  @Override
  public HostVector getChild(int ordinal) {
    return elements;
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw none();
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    throw none();
  }

  @Override
  public UTF8String getUTF8String(int row) {
    throw none();
  }

  @Override
  public byte[] getBinary(int row) {
    throw none();
  }

  private UnsupportedOperationException none() {
    return new UnsupportedOperationException("a column of " + type.catalogString() + " has none");
  }
}
