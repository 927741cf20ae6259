package io.penstock.feed;

import io.penstock.Amount;
import io.penstock.feed.FeatureColumns.Layout;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of a schema that are to be the features, checked for their layout. Immutable.
 *
 * @param names the columns' names, in order
 */
record NamedFeatures(StructType schema, List<String> names) {
  private TypedColumn column(String name) {
    return TypedColumn.in(schema, name, "feature");
  }

  /**
   * Checks that they are one column of sequences.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type
   */
  void checkSequence() {
    TypedColumn column = column(names.get(0));
    if (!column.isArrayOfIds()) {
      throw column.wrongType(
          "sequences are array<int>, array<long> or array<short>: number the words, and collect"
              + " the ids of a row into one array.");
    }
  }

  /**
   * Returns how the features lie, checked against the width that the network takes.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type, or a schema
   *     that declares another width
   */
  Layout layout(int width) {
    Layout layout = layout();
    OptionalInt declared = declaredWidth();
    if (declared.isPresent() && declared.getAsInt() != width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: %s where the network takes %d. Give the network's input that size, or"
                  + " choose other columns.",
              names,
              new Amount(declared.getAsInt(), "feature"),
              width));
    }
    return layout;
  }

  /**
   * Returns how the features lie.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type
   */
  Layout layout() {
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "no feature column is given. Name one vector or array column, or numeric columns.");
    }
    TypedColumn first = column(names.get(0));
    if (names.size() == 1 && first.isVector()) {
      return Layout.VECTOR;
    }
    if (names.size() == 1 && first.isArray()) {
      if (first.isArrayOfFractions()) {
        return Layout.ARRAY;
      }
      throw first.wrongType(
          "an array of features must hold floats or doubles: cast it to array<float>.");
    }
    for (String name : names) {
      TypedColumn column = column(name);
      if (!column.isNumber()) {
        throw column.wrongType(
            names.size() == 1
                ? "features are a Spark ML vector, array<float>, array<double> or numeric"
                    + " columns."
                : "several feature columns must all be numeric. Join vectors and numbers into"
                    + " one column with VectorAssembler first.");
      }
    }
    return Layout.COLUMNS;
  }

  /** Returns how many features the schema says that a row has, where it does. */
  OptionalInt declaredWidth() {
    return switch (layout()) {
      case COLUMNS -> OptionalInt.of(names.size());
      case ARRAY, SEQUENCE -> OptionalInt.empty();
      case VECTOR -> {
        int size = column(names.get(0)).declaredSize();
        yield size > 0 ? OptionalInt.of(size) : OptionalInt.empty();
      }
    };
  }
}
