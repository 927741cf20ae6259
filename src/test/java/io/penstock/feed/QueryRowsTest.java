package io.penstock.feed;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@LocalSpark
class QueryRowsTest {
  private static final String NUMBERS =
      "cast(id as byte) b, cast(id * 3 as short) s, cast(id - 50 as int) i, id * id l,"
          + " cast(id / 7 as float) f, if(id % 5 = 0, null, id / 3d) d, id % 2 = 0 t";

  private static SparkSession spark;

  @TempDir static Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    spark.conf().set("spark.sql.parquet.columnarReaderBatchSize", 16);
    spark.conf().set("spark.sql.parquet.enableNestedColumnVectorizedReader", true);
  }

  private static Dataset<Row> rows(String expressions) {
    return spark.sql("select " + expressions + " from range(0, 100, 1, 2)");
  }

  /** What the values of a partition's rows are, as Java's own classes. */
  private static List<String> told(JavaRDD<String> rows) {
    return rows.collect();
  }

  private static Iterator<String> tell(int partition, Iterator<Row> rows) {
    List<String> told = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      StringBuilder text = new StringBuilder().append(partition);
      for (int i = 0; i < row.length(); i++) {
        Object value = row.get(i);
        text.append(' ').append(value == null ? "" : value.getClass().getSimpleName());
        text.append(' ').append(value instanceof List ? "" : value);
        if (value instanceof List || value instanceof scala.collection.Seq) {
          text = new StringBuilder(text.toString().replaceAll(" \\S* \\S*$", " array "));
          text.append(new ArrayList<>(row.getList(i)));
        }
      }
      told.add(text.toString());
    }
    return told.iterator();
  }

  private static List<String> asSparkGivesThem(Dataset<Row> data) {
    return told(data.toJavaRDD().mapPartitionsWithIndex(QueryRowsTest::tell, false));
  }

  private static void assertSameAsSparks(Dataset<Row> data) {
    assertEquals(
        asSparkGivesThem(data).toString().replaceAll("ArraySeq\\([^)]*\\)", ""),
        told(QueryRows.of(data, QueryRowsTest::tell)).toString());
  }

  @Test
  void numbersAreThoseThatSparkGives() {
    assertSameAsSparks(rows(NUMBERS));
    assertSameAsSparks(spark.sql("select 1.25bd a, cast(null as decimal(9, 2)) b"));
  }

  @Test
  void vectorsAreThoseThatSparkGives() {
    Dataset<Row> data = spark.range(9).selectExpr("if(id = 4, null, array(id, 0.5, -id)) a");
    assertSameAsSparks(data.where("a is not null").select(array_to_vector(col("a"))));
  }

  @Test
  void columnsGiveTheBlocksThatRowsGive() {
    String path = directory.resolve("numbers").toString();
    rows(NUMBERS + ", array(cast(id as float), 1f, cast(-id / 3 as float)) v, id % 3 y")
        .write()
        .parquet(path);
    Dataset<Row> data = spark.read().parquet(path);
    for (List<String> features : List.of(List.of("b", "s", "i", "l", "f"), List.of("v"))) {
      FeatureColumns columns =
          FeatureColumns.of(data.schema(), features, "y", features.size() == 1 ? 3 : 5);
      Dataset<Row> selected = selected(data, columns);
      Pack pack = new Pack(columns);
      List<String> wanted = QueryRows.of(selected, pack).collect();
      assertEquals(wanted, batches(selected, pack).collect(), features.toString());
      assertTrue(wanted.size() > 2, "only " + wanted.size() + " blocks");
    }
  }

  @Test
  void aBadRowIsNamedByItsPlaceAlsoInColumns() {
    String path = directory.resolve("gaps").toString();
    rows("if(id = 87, null, id / 3d) d, id % 3 y").write().parquet(path);
    Dataset<Row> data = spark.read().parquet(path);
    FeatureColumns columns = FeatureColumns.of(data.schema(), List.of("d"), "y", 1);
    Dataset<Row> selected = selected(data, columns);
    String wanted = complaint(QueryRows.of(selected, new Pack(columns)));
    assertTrue(wanted.contains("Row 37 of partition"), wanted);
    assertEquals(wanted, complaint(batches(selected, new Pack(columns))));
  }

  private static Dataset<Row> selected(Dataset<Row> data, FeatureColumns columns) {
    NumberedColumns rows = NumberedColumns.of(data);
    return rows.rows().select(columns.selection(rows).toArray(Column[]::new));
  }

  private static String complaint(JavaRDD<String> packed) {
    for (Throwable at = failure(packed); at != null; at = at.getCause()) {
      if (at instanceof BadRowException) {
        return at.getMessage();
      }
    }
    return "none";
  }

  private static Throwable failure(JavaRDD<String> packed) {
    try {
      packed.collect();
      return null;
    } catch (Exception failed) {
      return failed;
    }
  }

  /** By way of the columns of Spark's own Parquet reader, 16 rows a batch. */
  private static JavaRDD<String> batches(Dataset<Row> data, Pack pack) {
    SparkPlan scan = QueryRows.execution(data).sparkPlan();
    while (!scan.supportsColumnar()) {
      scan = scan.children().head();
    }
    QueryRows.Source<ColumnarBatch> source = QueryRowsTest::opened;
    return QueryRows.of(scan.executeColumnar().toJavaRDD(), data.schema(), source, pack);
  }

  private static Iterator<InternalRow> opened(Iterator<ColumnarBatch> batches) {
    return new BatchRows(batches, batch -> {}); // the reader's own, which it fills again
  }

  /** Packs a partition and shows the blocks' bytes. */
  private record Pack(FeatureColumns columns) implements QueryRows.Use<String>, Serializable {
    @Override
    public Iterator<String> of(int partition, Iterator<Row> rows) {
      PackedRows packed =
          new PackedRows(rows, new RowDecoder(columns, LabelKind.classId(3), partition), 42);
      List<String> blocks = new ArrayList<>();
      packed.forEachRemaining(block -> blocks.add(block._1() + " " + Arrays.toString(block._2())));
      return blocks.iterator();
    }
  }
}
