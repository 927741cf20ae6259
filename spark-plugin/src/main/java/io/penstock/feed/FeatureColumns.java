package io.penstock.feed;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Where a row's features and label stand: one vector column, one array of floats or doubles, or
 * numeric columns side by side. Immutable.
 *
 * @param features the feature columns' names, in order
 * @param label the label column's name
 * @param layout how the features lie in their columns
 * @param width the number of features of a row
 */
public record FeatureColumns(List<String> features, String label, Layout layout, int width)
    implements Serializable {

  /** How the features lie in their columns. */
  public enum Layout {
    /** One column of Spark ML vectors, dense or sparse. */
    VECTOR,
    /** One column of {@code array<float>} or {@code array<double>}. */
    ARRAY,
    /** Numeric columns, one feature each. */
    COLUMNS
  }

  /** Copies the list, and checks that there is a feature. */
  public FeatureColumns {
    features = List.copyOf(features);
    if (width < 1) {
      throw new IllegalArgumentException(
          "the rows are " + width + " features wide; a network needs at least one.");
    }
  }

  /**
   * Finds the columns in a DataFrame. Where neither the schema nor the column's ML attributes tell
   * the width (an array, a vector not made by Spark ML), one row is read, which runs a Spark job.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type
   * @throws EmptyDataException if a row had to be read and there is none
   */
  public static FeatureColumns of(Dataset<Row> data, List<String> features, String label) {
    StructType schema = data.schema();
    checkLabel(schema, features, label);
    Layout layout = layout(schema, features);
    OptionalInt declared = declaredWidth(schema, features, layout);
    int width = declared.isPresent() ? declared.getAsInt() : firstWidth(data, features.get(0));
    return new FeatureColumns(features, label, layout, width);
  }

  /**
   * Finds the columns in a schema, where the width is known beforehand: from a model, say.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type, or a schema
   *     that declares another width
   */
  public static FeatureColumns of(
      StructType schema, List<String> features, String label, int width) {
    checkLabel(schema, features, label);
    Layout layout = featureLayout(schema, features, width);
    return new FeatureColumns(features, label, layout, width);
  }

  /** How the features lie in a schema, checked against the width that the network takes. */
  static Layout featureLayout(StructType schema, List<String> features, int width) {
    Layout layout = layout(schema, features);
    OptionalInt declared = declaredWidth(schema, features, layout);
    if (declared.isPresent() && declared.getAsInt() != width) {
      throw new IllegalArgumentException(
          String.format(
              "%s: %d features where the network takes %d. Give the network's input that size, or"
                  + " choose other columns.",
              features, declared.getAsInt(), width));
    }
    return layout;
  }

  /** The feature columns in order, then the label. */
  Column[] selection() {
    Column[] columns = new Column[features.size() + 1];
    for (int i = 0; i < features.size(); i++) {
      columns[i] = column(features.get(i));
    }
    columns[features.size()] = column(label);
    return columns;
  }

  /** A column by its whole name: a dot in it is no path into a struct. */
  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  private static void checkLabel(StructType schema, List<String> features, String label) {
    if (features.contains(label)) {
      throw new IllegalArgumentException(
          "column '"
              + label
              + "' is both a feature and the label: the network would be told the answer. Take it"
              + " out of the features.");
    }
    DataType labelType = field(schema, label, "label").dataType();
    if (!(labelType instanceof NumericType)) {
      throw new IllegalArgumentException(
          wrongType(
              label,
              labelType,
              "a label must be numeric. Number the classes with StringIndexer, or cast it to"
                  + " double."));
    }
  }

  private static Layout layout(StructType schema, List<String> features) {
    if (features.isEmpty()) {
      throw new IllegalArgumentException(
          "no feature column is given. Name one vector or array column, or numeric columns.");
    }
    DataType first = field(schema, features.get(0), "feature").dataType();
    if (features.size() == 1 && SQLDataTypes.VectorType().equals(first)) {
      return Layout.VECTOR;
    }
    if (features.size() == 1 && first instanceof ArrayType array) {
      if (array.elementType().equals(DataTypes.FloatType)
          || array.elementType().equals(DataTypes.DoubleType)) {
        return Layout.ARRAY;
      }
      throw new IllegalArgumentException(
          wrongType(
              features.get(0),
              first,
              "an array of features must hold floats or doubles: cast it to array<float>."));
    }
    for (String name : features) {
      DataType type = field(schema, name, "feature").dataType();
      if (!(type instanceof NumericType)) {
        throw new IllegalArgumentException(
            wrongType(
                name,
                type,
                features.size() == 1
                    ? "features are a Spark ML vector, array<float>, array<double> or numeric"
                        + " columns."
                    : "several feature columns must all be numeric. Join vectors and numbers into"
                        + " one column with VectorAssembler first."));
      }
    }
    return Layout.COLUMNS;
  }

  private static String wrongType(String column, DataType type, String advice) {
    return "column '" + column + "' is of type " + type.catalogString() + ", but " + advice;
  }

  private static StructField field(StructType schema, String name, String role) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        "there is no %s column '%s'. The DataFrame has: %s.",
                        role, name, String.join(", ", schema.fieldNames()))));
  }

  private static OptionalInt declaredWidth(
      StructType schema, List<String> features, Layout layout) {
    return switch (layout) {
      case COLUMNS -> OptionalInt.of(features.size());
      case ARRAY -> OptionalInt.empty();
      case VECTOR -> {
        int size = AttributeGroup.fromStructField(field(schema, features.get(0), "feature")).size();
        yield size > 0 ? OptionalInt.of(size) : OptionalInt.empty();
      }
    };
  }

  private static int firstWidth(Dataset<Row> data, String name) {
    Column column = column(name);
    List<Row> rows = data.select(column).where(column.isNotNull()).takeAsList(1);
    if (rows.isEmpty()) {
      if (data.isEmpty()) {
        throw new EmptyDataException();
      }
      throw new IllegalArgumentException(
          "column '" + name + "' is null in every row: choose another, or fill it.");
    }
    Row row = rows.get(0);
    return row.get(0) instanceof Vector vector ? vector.size() : row.getList(0).size();
  }
}
