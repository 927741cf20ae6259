package io.penstock.feed;

import io.penstock.Amount;
import io.penstock.feed.FeatureColumns.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Column of a schema with the type of its values. Immutable. */
record TypedColumn(StructField field) {
  private static final Set<DataType> FRACTIONS = Set.of(DataTypes.FloatType, DataTypes.DoubleType);
  private static final Set<DataType> IDS =
      Set.of(DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

  /**
   * Finds a column by its whole name.
   *
   * @param role what it is looked up for, for the message
   * @throws IllegalArgumentException if there is none, or more than one
   */
  static TypedColumn in(StructType schema, String name, String role) {
    List<StructField> found =
        Arrays.stream(schema.fields()).filter(field -> field.name().equals(name)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there is no %s column '%s'. The DataFrame has: %s.",
              role,
              name,
              String.join(", ", schema.fieldNames())));
    }
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the %s column '%s' is there %s, as after a join. Drop or rename all but one"
                  + " of them.",
              role,
              name,
              new Amount(found.size(), "time")));
    }
    return new TypedColumn(found.get(0));
  }

  private DataType type() {
    return field.dataType();
  }

  boolean isNumber() {
    return type() instanceof NumericType;
  }

  boolean isBoolean() {
    return DataTypes.BooleanType.equals(type());
  }

  boolean isVector() {
    return SQLDataTypes.VectorType().equals(type());
  }

  boolean isArray() {
    return type() instanceof ArrayType;
  }

  boolean isArrayOfNumbers() {
    return type() instanceof ArrayType array && array.elementType() instanceof NumericType;
  }

  boolean isArrayOfFractions() {
    return type() instanceof ArrayType array && FRACTIONS.contains(array.elementType());
  }

  boolean isArrayOfIds() {
    return type() instanceof ArrayType array && IDS.contains(array.elementType());
  }

  /**
   * Returns the size that Spark ML's attributes give a vector column; -1 where they do not tell.
   */
  int declaredSize() {
    return AttributeGroup.fromStructField(field).size();
  }

  /**
   * Returns how a label of that kind lies in this column.
   *
   * @throws IllegalArgumentException if the column's type holds no such labels
   */
  Layout labelLayout(LabelKind kind) {
    if (kind instanceof LabelKind.Ids) {
      if (!isArrayOfIds()) {
        throw wrongType(
            "the labels of a sequence are array<int>, array<long> or array<short>, as long as the"
                + " features.");
      }
      return Layout.SEQUENCE;
    }
    if (kind instanceof LabelKind.Reals reals) {
      if (isVector()) {
        return Layout.VECTOR;
      }
      if (isArrayOfNumbers()) {
        return Layout.ARRAY;
      }
      if (reals.count() == 1 && !isNumber()) {
        throw wrongType("a label must be numeric. Cast it to double.");
      }
      if (reals.count() > 1) {
        throw wrongType(
            String.format(
                Locale.ROOT,
                "a label of %s is a Spark ML vector or an array of numbers. Join columns"
                    + " with array(a, b) or VectorAssembler, or give the network as many outputs as"
                    + " there are numbers.",
                new Amount(reals.count(), "number")));
      }
      return Layout.COLUMNS;
    }
    if (!isNumber()) {
      throw wrongType(
          "a label must be numeric. Number the classes with StringIndexer, or cast it to double.");
    }
    return Layout.COLUMNS;
  }

  /** Returns an exception for a column of a type that will not do. */
  IllegalArgumentException wrongType(String advice) {
    return new IllegalArgumentException(
        "column '"
            + field.name()
            + "' is of type "
            + (isVector() ? "vector" : type().catalogString())
            + ", but "
            + advice);
  }
}
