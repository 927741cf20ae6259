package io.penstock.feed.rapids;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.penstock.examples.Etl;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.Feed;
import io.penstock.feed.LabelKind;
import io.penstock.feed.NumberedColumns;
import io.penstock.feed.QueryColumns;
import io.penstock.feed.RowEnds;
import io.penstock.feed.ValidationColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * The job of {@link RapidsPlanTest}: has Spark plan the queries by which rows are fed, names each
 * on standard error before, and then runs the example.
 */
public final class ExplainedQueries {
  static final String MARK = "QUERY ";

  /** What the example begins under. */
  static final String ETL = "etl";

  /** What services of columns there are. */
  static final String SERVICES = "services";

  private ExplainedQueries() {}

  /** Takes a folder to work in. */
  public static void main(String[] arguments) throws Exception {
    SparkSession spark = SparkSession.builder().getOrCreate();
    System.err.println(MARK + SERVICES);
    System.err.println("driver: " + services());
    System.err.println(
        "task: "
            + new JavaSparkContext(spark.sparkContext())
                .parallelize(List.of(1), 1)
                .map(one -> services().toString())
                .first());
    String table = arguments[0] + "/table";
    spark
        .range(0, 100, 1, 2)
        .selectExpr(
            "cast(id as float) a",
            "id / 3d b",
            "array(cast(id as float), 1f) floats",
            "array(cast(id as int), 7) ids",
            "id % 2 label",
            "id % 3 weight",
            "id % 5 = 0 held_out")
        .write()
        .parquet(table);
    Dataset<Row> data = spark.read().parquet(table);
    LabelKind classes = LabelKind.classId(2);

    FeatureColumns columns = FeatureColumns.of(data.schema(), List.of("a", "b"), "label", 2);
    explain("columns", data, columns, classes);
    FeatureColumns array = FeatureColumns.of(data.schema(), List.of("floats"), "label", 2);
    explain("array", data, array, classes);
    explain("array-complete", complete(data, array), array, classes);
    FeatureColumns weighted = columns.withWeight(data.schema(), "weight");
    explain("columns-complete-weighted", complete(data, weighted), weighted, classes);
    Dataset<Row> answered = data.withColumn("answers", col("ids"));
    LabelKind ids = LabelKind.ids(101);
    FeatureColumns sequences =
        FeatureColumns.sequences(answered.schema(), "ids", "answers", ids, 2);
    explain("sequences", answered, sequences, ids);
    explain("sequences-complete", complete(answered, sequences), sequences, ids);

    UDF1<Float, Float> twice = value -> 2 * value;
    explain(
        "off-udf",
        data.withColumn("a", udf(twice, DataTypes.FloatType).apply(col("a"))),
        columns,
        classes);
    Dataset<Row> vectors = data.withColumn("floats", array_to_vector(col("floats")));
    explain(
        "off-vector",
        vectors,
        FeatureColumns.of(vectors.schema(), List.of("floats"), "label", 2),
        classes);

    System.err.println(MARK + ETL);
    Etl.main(
        new String[] {
          "--rows", "4000", "--partitions", "2", "--epochs", "1", "--batch-size", "512"
        });
  }

  /** The services that are found, each with what its class loader has of RAPIDS. */
  private static List<String> services() throws ClassNotFoundException {
    List<String> found = new ArrayList<>();
    for (QueryColumns service : ServiceLoader.load(QueryColumns.class)) {
      Class<?> own = service.getClass();
      String rapids = "com.nvidia.spark.rapids.ColumnarRdd";
      Class<?> beside = Class.forName(rapids, false, own.getClassLoader());
      found.add(own.getName() + " beside " + beside.getName());
    }
    return found;
  }

  private static Dataset<Row> complete(Dataset<Row> data, FeatureColumns columns) {
    return columns.complete(NumberedColumns.of(data)).named();
  }

  private static void explain(
      String name, Dataset<Row> data, FeatureColumns columns, LabelKind labels) {
    System.err.println(MARK + name);
    Optional<ValidationColumn> heldOut =
        Optional.of(ValidationColumn.of(data.schema(), "held_out"));
    Feed.blocks(data, columns, labels, heldOut, 42, RowEnds.of(2, 0, 1));
  }
}
