package io.penstock.ml;

import io.penstock.train.Outputs;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * The column that a regression model appends: a number or, for several targets, a vector of them.
 */
record RegressionColumns(List<ScoreColumn> columns) implements ScoreColumns {
  /**
   * @param name of the column; may be empty
   */
  static RegressionColumns of(String name, int targets) {
    if (name.isEmpty()) {
      return new RegressionColumns(List.of());
    }
    return new RegressionColumns(
        List.of(
            targets == 1
                ? new ScoreColumn(
                    "predictionCol",
                    name,
                    DataTypes.DoubleType,
                    NumericAttribute.defaultAttr().withName(name).toMetadata())
                : new ScoreColumn(
                    "predictionCol",
                    name,
                    SQLDataTypes.VectorType(),
                    new AttributeGroup(name, targets).toMetadata())));
  }

  /** A loss of yes or no has probabilities; the others have the outputs themselves. */
  @Override
  public boolean predicted() {
    return true;
  }

  @Override
  public void append(Row row, Outputs outputs, int index, int positions, List<Object> values) {
    double[] numbers = outputs.at(index, 0);
    values.add(numbers.length == 1 ? (Object) numbers[0] : Vectors.dense(numbers));
  }
}
