package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.FeatureColumns.Layout;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class TypedColumnTest {
  private static final DataType[] IDS = {
    DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType
  };

  @Test
  void oneNumberIsANumericColumn() {
    for (LabelKind kind : new LabelKind[] {LabelKind.classId(3), LabelKind.real()}) {
      assertEquals(Layout.COLUMNS, column(DataTypes.LongType).labelLayout(kind));
      refused("StringIndexer", DataTypes.StringType, kind);
      refused("must be numeric", array(DataTypes.IntegerType), kind);
      refused("must be numeric", SQLDataTypes.VectorType(), kind);
    }
  }

  @Test
  void severalNumbersAreAVectorOrAnArray() {
    LabelKind three = LabelKind.reals(3);
    assertEquals(Layout.VECTOR, column(SQLDataTypes.VectorType()).labelLayout(three));
    assertEquals(Layout.ARRAY, column(array(DataTypes.DoubleType)).labelLayout(three));
    assertEquals(Layout.ARRAY, column(array(DataTypes.IntegerType)).labelLayout(three));
    refused("a label of 3 numbers", DataTypes.DoubleType, three);
    refused("a label of 3 numbers", array(DataTypes.StringType), three);
  }

  @Test
  void aSingleOneOfSeveralNumbersMayBeANumericColumn() {
    assertEquals(Layout.COLUMNS, column(DataTypes.DoubleType).labelLayout(LabelKind.reals(1)));
    refused("a label must be numeric", DataTypes.StringType, LabelKind.reals(1));
  }

  @Test
  void aSequenceIsAnArrayOfWholeNumbers() {
    for (DataType type : IDS) {
      assertEquals(Layout.SEQUENCE, column(array(type)).labelLayout(LabelKind.ids(3)));
    }
    refused("array<int>", DataTypes.IntegerType, LabelKind.ids(3));
    refused("array<int>", array(DataTypes.FloatType), LabelKind.ids(3));
  }

  private static void refused(String why, DataType type, LabelKind kind) {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> column(type).labelLayout(kind));
    assertTrue(thrown.getMessage().contains(why), thrown.getMessage());
    assertTrue(thrown.getMessage().startsWith("column 'y' is of type "), thrown.getMessage());
  }

  private static TypedColumn column(DataType type) {
    return TypedColumn.in(new StructType().add("y", type), "y", "label");
  }

  private static DataType array(DataType element) {
    return DataTypes.createArrayType(element);
  }
}
