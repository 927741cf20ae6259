package io.penstock.feed;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * DataFrame whose columns are found by their position. Spark resolves a name, and takes a dot in
 * one for a path into a struct, and two that differ in case alone for the same: after a join that
 * fails even where neither column is wanted. Immutable.
 *
 * @param schema as the DataFrame has it
 * @param rows the same rows in the same columns, under names of ours
 */
public record NumberedColumns(StructType schema, Dataset<Row> rows) {

  /** Numbers the columns of a DataFrame; lazy, and no shuffle. */
  public static NumberedColumns of(Dataset<?> data) {
    StructType schema = data.schema();
    return new NumberedColumns(schema, data.toDF(names(schema)));
  }

  /**
   * Numbers the columns of a DataFrame for what has to go over all rows.
   *
   * @param what goes over them, for the message
   * @throws IllegalArgumentException for a stream, which never has all
   */
  public static NumberedColumns ofAll(Dataset<?> data, String what) {
    if (data.isStreaming()) {
      throw new IllegalArgumentException(
          what
              + " goes over all rows, and this DataFrame is a stream, which never has all. Read the"
              + " data with spark.read() in place of spark.readStream(), or take a stream's"
              + " micro-batches one by one with writeStream().foreachBatch(...). A model's"
              + " transform takes streams as they are.");
    }
    return of(data);
  }

  private static String[] names(StructType schema) {
    return IntStream.range(0, schema.size()).mapToObj(NumberedColumns::name).toArray(String[]::new);
  }

  private static String name(int at) {
    return "column" + at;
  }

  /**
   * Returns a schema with the names of {@link #rows}, for what has columns behind those of {@code
   * schema}.
   */
  public static StructType numbered(StructType schema) {
    StructField[] fields = schema.fields();
    return new StructType(
        IntStream.range(0, fields.length)
            .mapToObj(
                at ->
                    new StructField(
                        name(at),
                        fields[at].dataType(),
                        fields[at].nullable(),
                        fields[at].metadata()))
            .toArray(StructField[]::new));
  }

  /** Returns the column at this place of {@link #rows}, from 0. */
  public Column at(int place) {
    return functions.col(name(place));
  }

  /**
   * Returns the one column of exactly this name.
   *
   * @throws IllegalArgumentException if there is none, or more than one
   */
  public Column column(String name) {
    return at(place(name, "needed"));
  }

  /**
   * Returns the one column of exactly this name, whose values are numbers.
   *
   * @param role what it is looked up for, for the message
   * @throws IllegalArgumentException if there is none, or more than one, or it is not numeric
   */
  public Column numeric(String name, String role) {
    TypedColumn found = TypedColumn.in(schema, name, role);
    if (!found.isNumber()) {
      throw found.wrongType("a " + role + " must be numeric. Cast it to double.");
    }
    return at(place(name, role));
  }

  /**
   * Returns the columns of exactly these names, in that order.
   *
   * @throws IllegalArgumentException if there is none of one of them, or more than one
   */
  public List<Column> columns(List<String> names) {
    return names.stream().map(this::column).toList();
  }

  private int place(String name, String role) {
    TypedColumn found = TypedColumn.in(schema, name, role);
    return Arrays.asList(schema.fields()).indexOf(found.field());
  }

  /** Returns the rows for which a condition holds. */
  public NumberedColumns where(Column condition) {
    return new NumberedColumns(schema, rows.where(condition));
  }

  /** Returns the rows with a column behind all others. */
  public NumberedColumns with(StructField field, Column column) {
    return new NumberedColumns(schema.add(field), rows.withColumn(name(schema.size()), column));
  }

  /** Returns the DataFrame: every column under its own name and with its metadata. */
  public Dataset<Row> named() {
    StructField[] fields = schema.fields();
    return rows.select(
        IntStream.range(0, fields.length)
            .mapToObj(at -> at(at).as(fields[at].name(), fields[at].metadata()))
            .toArray(Column[]::new));
  }
}
