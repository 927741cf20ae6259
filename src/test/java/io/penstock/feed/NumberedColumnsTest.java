package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@LocalSpark
class NumberedColumnsTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    Dataset<Row> left = spark.sql("select 1 id, 2 twin, 3 label, 4 `a.b`, struct(5 b) a");
    Dataset<Row> right = spark.sql("select 1 key, 7 twin, 8 Label, 9 `column0`");
    rows = left.join(right, left.col("id").equalTo(right.col("key")));
  }

  private static Object value(NumberedColumns of, String column) {
    return of.rows().select(of.column(column)).first().get(0);
  }

  @Test
  void namesThatDifferInCaseOrHoldDotsAreTheirOwnColumns() {
    NumberedColumns numbered = NumberedColumns.of(rows);
    assertEquals(3, value(numbered, "label"));
    assertEquals(8, value(numbered, "Label"));
    assertEquals(4, value(numbered, "a.b"));
    assertEquals(9, value(numbered, "column0"));
  }

  @Test
  void allColumnsComeBackAsTheyWere() {
    Dataset<Row> same = NumberedColumns.of(rows).named();
    assertEquals(rows.schema(), same.schema());
    assertEquals(rows.collectAsList().toString(), same.collectAsList().toString());
  }

  @Test
  void onlyAColumnThatIsAskedForMustBeTheOnlyOneOfItsName() {
    NumberedColumns numbered = NumberedColumns.of(rows);
    assertEquals(1, numbered.where(numbered.column("label").equalTo(3)).named().count());
    Exception thrown = assertThrows(IllegalArgumentException.class, () -> numbered.column("twin"));
    assertTrue(thrown.getMessage().contains("'twin' is there 2 times"), thrown::getMessage);
    thrown = assertThrows(IllegalArgumentException.class, () -> numbered.column("LABEL"));
    assertTrue(thrown.getMessage().contains("no needed column 'LABEL'"), thrown::getMessage);
    thrown = assertThrows(IllegalArgumentException.class, () -> numbered.numeric("a", "weight"));
    assertTrue(thrown.getMessage().contains("a weight must be numeric"), thrown::getMessage);
  }

  @Test
  void aColumnIsAddedBehindTheOthersWhateverItsName() {
    NumberedColumns numbered = NumberedColumns.of(rows);
    StructField field = new StructField("twin", DataTypes.IntegerType, true, Metadata.empty());
    Dataset<Row> more =
        numbered.with(field, numbered.column("label").plus(numbered.column("Label"))).named();
    assertEquals(List.of("twin"), List.of(more.columns()).subList(9, 10));
    assertEquals(11, more.first().getInt(9));
  }
}
