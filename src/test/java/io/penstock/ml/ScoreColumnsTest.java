package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ScoreColumnsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType);

  private final PipelineParallelClassifier classifier = Blobs.classifier();

  @Test
  void columnsComeBehindInMLlibsOrder() {
    StructType schema = classifier.transformSchema(SCHEMA);
    assertArrayEquals(
        new String[] {"features", "label", "rawPrediction", "probability", "prediction"},
        schema.fieldNames());
    assertEquals(SQLDataTypes.VectorType(), schema.apply("rawPrediction").dataType());
    assertEquals(SQLDataTypes.VectorType(), schema.apply("probability").dataType());
    assertEquals(DataTypes.DoubleType, schema.apply("prediction").dataType());
  }

  @Test
  void namesAreThoseOfTheParamsAndAnEmptyOneLeavesItsColumnOut() {
    classifier.setRawPredictionCol("").setProbabilityCol("p").setPredictionCol("class");
    assertArrayEquals(
        new String[] {"features", "label", "p", "class"},
        classifier.transformSchema(SCHEMA).fieldNames());
    classifier.setProbabilityCol("").setPredictionCol("");
    assertEquals(SCHEMA, classifier.transformSchema(SCHEMA));
  }

  @Test
  void aColumnThatIsThereAlreadyIsRefusedWithTheParamToChange() {
    StructType taken = SCHEMA.add("probability", DataTypes.StringType);
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> classifier.transformSchema(taken));
    assertTrue(thrown.getMessage().contains("'probability' exists already"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("set probabilityCol"), thrown.getMessage());
  }

  @Test
  void twoOutputsOfOneNameAreRefused() {
    classifier.setProbabilityCol("rawPrediction");
    assertThrows(IllegalArgumentException.class, () -> classifier.transformSchema(SCHEMA));
  }

  private static StructType scored(PipelineParallelClassifier classifier, Metadata label) {
    return classifier.transformSchema(
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType, true, label));
  }

  @Test
  void theColumnsHaveTheirMlAttributes() {
    StructType schema = scored(classifier, Metadata.empty());
    for (String name : List.of("rawPrediction", "probability")) {
      assertEquals(3, AttributeGroup.fromStructField(schema.apply(name)).size());
    }
    NominalAttribute prediction =
        (NominalAttribute) Attribute.fromStructField(schema.apply("prediction"));
    assertEquals("prediction", prediction.name().get());
    assertEquals(3, prediction.getNumValues().get());
  }

  @Test
  void thePredictionHasTheLabelsNamesWhereThereIsOneForEachClass() {
    Metadata three =
        NominalAttribute.defaultAttr().withValues(new String[] {"x", "y", "z"}).toMetadata();
    NominalAttribute prediction =
        (NominalAttribute) Attribute.fromStructField(scored(classifier, three).apply("prediction"));
    assertArrayEquals(new String[] {"x", "y", "z"}, prediction.values().get());
    prediction =
        (NominalAttribute)
            Attribute.fromStructField(
                scored(classifier.setLayers(4, 8, 5), three).apply("prediction"));
    assertEquals(5, prediction.getNumValues().get());
    assertTrue(prediction.values().isEmpty());
  }

  @Test
  void whereRowsWithoutAnAnswerAreKeptItMayBeNull() {
    assertFalse(classifier.transformSchema(SCHEMA).apply("prediction").nullable());
    classifier.setHandleInvalid("keep");
    assertTrue(classifier.transformSchema(SCHEMA).apply("prediction").nullable());
  }
}
