package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataTypes;
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
}
