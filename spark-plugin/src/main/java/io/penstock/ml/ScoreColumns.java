package io.penstock.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that a classification model appends; an empty name leaves one out. */
record ScoreColumns(String raw, String probability, String prediction) implements Serializable {

  static ScoreColumns of(Params params) {
    return new ScoreColumns(
        value(params, "rawPredictionCol"),
        value(params, "probabilityCol"),
        value(params, "predictionCol"));
  }

  private static String value(Params params, String name) {
    return (String) params.getOrDefault(params.getParam(name));
  }

  /**
   * Checks that there is one threshold per class, if there are any.
   *
   * @throws IllegalArgumentException if not
   */
  static void checkThresholds(Params params, int classes) {
    Param<?> param = params.getParam("thresholds");
    if (params.isDefined(param)) {
      int given = ((double[]) params.getOrDefault(param)).length;
      if (given != classes) {
        throw new IllegalArgumentException(
            "There are "
                + given
                + " thresholds and "
                + classes
                + " classes; give one threshold per class.");
      }
    }
  }

  boolean any() {
    return !(raw.isEmpty() && probability.isEmpty() && prediction.isEmpty());
  }

  /**
   * The schema with the columns behind it.
   *
   * @throws IllegalArgumentException if a column of that name is there already
   */
  StructType appendedTo(StructType schema) {
    List<StructField> fields = new ArrayList<>(Arrays.asList(schema.fields()));
    add(fields, raw, "rawPredictionCol", SQLDataTypes.VectorType());
    add(fields, probability, "probabilityCol", SQLDataTypes.VectorType());
    add(fields, prediction, "predictionCol", DataTypes.DoubleType);
    return new StructType(fields.toArray(new StructField[0]));
  }

  private static void add(List<StructField> fields, String name, String param, DataType type) {
    if (name.isEmpty()) {
      return;
    }
    if (fields.stream().anyMatch(field -> field.name().equals(name))) {
      throw new IllegalArgumentException(
          "Output column '"
              + name
              + "' exists already. Drop it from the DataFrame, or set "
              + param
              + " to another name.");
    }
    fields.add(DataTypes.createStructField(name, type, false));
  }
}
