package io.penstock.feed;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/**
 * View of one of Spark's internal rows as a {@link Row}: values are looked up where they lie, in an
 * unsafe row or in the columns of a batch, and nothing is copied. What it gives is what Spark's own
 * conversion would give, of the types that features and labels have: numbers, booleans, arrays of
 * them, ML vectors. It moves from row to row; for one thread.
 */
final class RowView implements Row {
  private final DataType[] types;
  private transient InternalRow row;

  RowView(StructType schema) {
    this.types = Arrays.stream(schema.fields()).map(StructField::dataType).toArray(DataType[]::new);
  }

  /** Shows this row from now on. */
  RowView on(InternalRow shown) {
    row = shown;
    return this;
  }

  @Override
  public int length() {
    return types.length;
  }

  @Override
  public boolean isNullAt(int i) {
    return row.isNullAt(i);
  }

  @Override
  public Object get(int i) {
    return row.isNullAt(i) ? null : value(row, i, types[i]);
  }

  private static Object value(SpecializedGetters from, int i, DataType type) {
    if (type instanceof UserDefinedType<?> own) {
      return own.deserialize(from.get(i, own.sqlType()));
    }
    Object value = from.get(i, type);
    if (value instanceof ArrayData array) {
      return new Elements(array, ((ArrayType) type).elementType());
    }
    return value instanceof Decimal decimal ? decimal.toJavaBigDecimal() : value;
  }

  @Override
  public <T> List<T> getList(int i) {
    @SuppressWarnings("unchecked") // as of Spark's own method, the caller's word is taken for it
    List<T> list = (List<T>) get(i);
    return list;
  }

  /** Throws: a row that is only looked at cannot be kept. */
  @Override
  public Row copy() {
    throw new UnsupportedOperationException("a view of a row cannot be kept");
  }

  /** An array's values, boxed as they are looked at. */
  private static final class Elements extends AbstractList<Object> implements RandomAccess {
    private final ArrayData array;
    private final DataType type;

    Elements(ArrayData array, DataType type) {
      this.array = array;
      this.type = type;
    }

    @Override
    public Object get(int index) {
      return array.isNullAt(index) ? null : value(array, index, type);
    }

    @Override
    public int size() {
      return array.numElements();
    }
  }
}
