package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.FeatureColumns.Layout;
import io.penstock.testing.LocalSpark;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@LocalSpark
class FeatureColumnsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("v", SQLDataTypes.VectorType())
          .add("floats", DataTypes.createArrayType(DataTypes.FloatType))
          .add("ints", DataTypes.createArrayType(DataTypes.IntegerType))
          .add("longs", DataTypes.createArrayType(DataTypes.LongType))
          .add("a", DataTypes.IntegerType)
          .add("b.c", DataTypes.createDecimalType())
          .add("text", DataTypes.StringType)
          .add("y", DataTypes.DoubleType);

  private static SparkSession spark;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  @Test
  void theTypeOfTheColumnsGivesTheLayout() {
    assertEquals(Layout.VECTOR, of(List.of("v"), 4).layout());
    assertEquals(Layout.ARRAY, of(List.of("floats"), 4).layout());
    assertEquals(Layout.COLUMNS, of(List.of("a", "b.c"), 2).layout());
    assertEquals(Layout.COLUMNS, of(List.of("a"), 1).layout());
  }

  @Test
  void aMissingColumnIsToldWithThoseThereAre() {
    refused("there is no feature column 'w'. The DataFrame has: v, floats, ints", "y", "w");
    refused("there is no label column 'z'", "z", "v");
  }

  @Test
  void aColumnOfTheWrongTypeIsRefused() {
    refused("'text' is of type string", "y", "text");
    refused("'ints' is of type array<int>", "y", "ints");
    refused("cast it to array<float>", "y", "ints");
    refused("VectorAssembler", "y", "a", "v");
    refused("StringIndexer", "text", "v");
  }

  @Test
  void theLabelIsNoFeature() {
    refused("both a feature and the label", "y", "a", "y");
    refused("no feature column", "y");
  }

  @Test
  void aWidthThatTheSchemaDeniesIsRefused() {
    refused("2 features where the network takes 3", 3, "y", "a", "b.c");
  }

  @Test
  void theWidthComesFromMlAttributesIfThereAreAny() {
    StructType schema =
        new StructType()
            .add(new AttributeGroup("v", 9).toStructField())
            .add("y", DataTypes.DoubleType);
    Dataset<Row> data = spark.createDataFrame(List.of(), schema);
    assertEquals(9, FeatureColumns.of(data, List.of("v"), "y").width());
  }

  @Test
  void elseTheWidthComesFromARow() {
    Dataset<Row> data =
        spark.sql(
            "select * from values (cast(null as array<float>), 1), (array(1f, 2f, 3f), 2)"
                + " as t(`f.g`, y)");
    assertEquals(3, FeatureColumns.of(data, List.of("f.g"), "y").width());
    assertThrows(
        EmptyDataException.class,
        () -> FeatureColumns.of(data.where("y > 5"), List.of("f.g"), "y"));
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> FeatureColumns.of(data.where("y = 1"), List.of("f.g"), "y"));
    assertTrue(thrown.getMessage().contains("null in every row"), thrown.getMessage());
  }

  @Test
  void sequencesAreOneColumnOfIdsWithAnyLabel() {
    FeatureColumns ids = FeatureColumns.sequences(SCHEMA, "ints", "longs", LabelKind.ids(9), 512);
    assertEquals(new RowWidth(512, true), ids.featureWidth());
    assertEquals(new RowWidth(512, true), ids.labelWidth(LabelKind.ids(9)));
    FeatureColumns one = FeatureColumns.sequences(SCHEMA, "ints", "y", LabelKind.classId(2), 512);
    assertEquals(new RowWidth(512, true), one.featureWidth());
    assertEquals(new RowWidth(1, false), one.labelWidth(LabelKind.classId(2)));
    FeatureColumns two = FeatureColumns.sequences(SCHEMA, "ints", "v", LabelKind.reals(2), 512);
    assertEquals(new RowWidth(2, false), two.labelWidth(LabelKind.reals(2)));
  }

  @Test
  void sequencesOfWhatIsNoIdAreRefused() {
    for (String features : List.of("floats", "v", "a")) {
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> FeatureColumns.sequences(SCHEMA, features, "y", LabelKind.real(), 9));
      assertTrue(thrown.getMessage().contains("sequences are array<int>"), thrown.getMessage());
    }
  }

  @Test
  void aSequenceOfLabelsTakesASequenceOfFeatures() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> FeatureColumns.of(SCHEMA, List.of("v"), "ints", LabelKind.ids(3), 4));
    assertTrue(thrown.getMessage().contains("[v] are no sequences"), thrown.getMessage());
  }

  @Test
  void severalNumbersAreALabelOfDenseFeaturesToo() {
    FeatureColumns columns =
        FeatureColumns.of(SCHEMA, List.of("a"), "floats", LabelKind.reals(3), 1);
    assertEquals(Layout.ARRAY, columns.labelLayout());
    assertEquals(new RowWidth(3, false), columns.labelWidth(LabelKind.reals(3)));
  }

  @Test
  void anotherKindOfLabelThanTheColumnsWereFoundForIsRefused() {
    FeatureColumns number = of(List.of("v"), 4);
    FeatureColumns ids = FeatureColumns.sequences(SCHEMA, "ints", "longs", LabelKind.ids(9), 5);
    assertThrows(IllegalArgumentException.class, () -> number.labelWidth(LabelKind.ids(9)));
    assertThrows(IllegalArgumentException.class, () -> number.labelWidth(LabelKind.reals(2)));
    assertThrows(IllegalArgumentException.class, () -> ids.labelWidth(LabelKind.classId(9)));
  }

  @Test
  void weightsAreANumericColumn() {
    FeatureColumns columns = of(List.of("v"), 4);
    assertFalse(columns.weighted());
    for (String name : List.of("a", "b.c", "y")) {
      FeatureColumns weighted = columns.withWeight(SCHEMA, name);
      assertTrue(weighted.weighted());
      assertEquals(name, weighted.weight());
      assertEquals(new RowWidth(1, false), weighted.labelWidth(LabelKind.real()));
      assertEquals(new RowWidth(2, false), weighted.targetWidth(LabelKind.real()));
    }
    FeatureColumns ids = FeatureColumns.sequences(SCHEMA, "ints", "longs", LabelKind.ids(9), 5);
    assertEquals(new RowWidth(6, true), ids.withWeight(SCHEMA, "a").targetWidth(LabelKind.ids(9)));
  }

  @Test
  void weightsThatAreNoneAreRefused() {
    FeatureColumns columns = of(List.of("v"), 4);
    String missing =
        assertThrows(IllegalArgumentException.class, () -> columns.withWeight(SCHEMA, "w"))
            .getMessage();
    assertTrue(missing.startsWith("there is no weight column 'w'. The DataFrame has: v"), missing);
    for (String name : List.of("text", "v", "floats")) {
      String wrong =
          assertThrows(IllegalArgumentException.class, () -> columns.withWeight(SCHEMA, name))
              .getMessage();
      assertTrue(wrong.contains("'" + name + "' is of type"), wrong);
      assertTrue(wrong.contains("a weight must be numeric"), wrong);
    }
  }

  private static FeatureColumns of(List<String> features, int width) {
    return FeatureColumns.of(SCHEMA, features, "y", width);
  }

  private static void refused(String why, String label, String... features) {
    refused(why, Math.max(1, features.length), label, features);
  }

  private static void refused(String why, int width, String label, String... features) {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> FeatureColumns.of(SCHEMA, List.of(features), label, width));
    assertTrue(thrown.getMessage().contains(why), thrown.getMessage());
  }
}
