package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.train.Outputs;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * The columns that a classification model appends.
 *
 * @param model which turns raw outputs into probabilities and a class
 */
record ClassificationColumns(PipelineParallelClassificationModel model, List<ScoreColumn> columns)
    implements ScoreColumns {
  private static final String RAW = "rawPredictionCol";
  private static final String PROBABILITY = "probabilityCol";
  private static final String PREDICTION = "predictionCol";

  static ClassificationColumns of(
      PipelineParallelClassificationModel model, List<String> classNames) {
    return new ClassificationColumns(model, wanted(model, model.numClasses(), classNames));
  }

  /**
   * The columns that these params ask for.
   *
   * @param classNames a name for each class; empty if they have none
   * @throws IllegalArgumentException unless there is one threshold per class, if there are any
   */
  static List<ScoreColumn> wanted(Params params, int classes, List<String> classNames) {
    checkThresholds(params, classes);
    List<ScoreColumn> wanted = new ArrayList<>();
    for (String param : List.of(RAW, PROBABILITY, PREDICTION)) {
      String name = (String) params.getOrDefault(params.getParam(param));
      if (name.isEmpty()) {
        continue;
      }
      wanted.add(
          param.equals(PREDICTION)
              ? new ScoreColumn(
                  param, name, DataTypes.DoubleType, nominal(name, classes, classNames))
              : new ScoreColumn(
                  param,
                  name,
                  SQLDataTypes.VectorType(),
                  new AttributeGroup(name, classes).toMetadata()));
    }
    return wanted;
  }

  private static Metadata nominal(String name, int classes, List<String> classNames) {
    NominalAttribute attribute = NominalAttribute.defaultAttr().withName(name);
    return classNames.size() == classes
        ? attribute.withValues(classNames.toArray(new String[0])).toMetadata()
        : attribute.withNumValues(classes).toMetadata();
  }

  /** The names that a label column's ML attributes, StringIndexer's say, give its classes. */
  static List<String> names(StructField label) {
    Attribute attribute = Attribute.fromStructField(label);
    String[] names = {};
    if (attribute instanceof NominalAttribute nominal && nominal.values().isDefined()) {
      names = nominal.values().get();
    } else if (attribute instanceof BinaryAttribute binary && binary.values().isDefined()) {
      names = binary.values().get();
    }
    return List.of(names);
  }

  private static void checkThresholds(Params params, int classes) {
    Param<?> param = params.getParam("thresholds");
    if (params.isDefined(param)) {
      int given = ((double[]) params.getOrDefault(param)).length;
      if (given != classes) {
        throw new IllegalArgumentException(
            "There are "
                + given
                + " thresholds and "
                + new Amount(classes, "class")
                + "; give one threshold per class.");
      }
    }
  }

  @Override
  public void append(Row row, Outputs outputs, int index, int positions, List<Object> values) {
    Vector raw = Vectors.dense(outputs.at(index, 0));
    Vector probabilities = model.probabilities(raw);
    for (ScoreColumn column : columns) {
      values.add(
          switch (column.param()) {
            case RAW -> raw;
            case PROBABILITY -> probabilities;
            default -> model.predicted(probabilities);
          });
    }
  }
}
