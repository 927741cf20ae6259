package io.penstock.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column that a model appends.
 *
 * @param param the param that names it
 * @param name what it is called
 * @param metadata its ML attributes
 * @param nullable whether an answer may be null
 */
record ScoreColumn(String param, String name, DataType type, Metadata metadata, boolean nullable)
    implements Serializable {

  /** A column that has a value wherever there is an answer. */
  ScoreColumn(String param, String name, DataType type, Metadata metadata) {
    this(param, name, type, metadata, false);
  }

  /**
   * A schema with columns behind it.
   *
   * @param keepsInvalid whether rows without an answer are kept
   * @throws IllegalArgumentException if a column of that name is there already
   */
  static StructType appended(StructType schema, List<ScoreColumn> columns, boolean keepsInvalid) {
    List<StructField> fields = new ArrayList<>(Arrays.asList(schema.fields()));
    for (ScoreColumn column : columns) {
      if (fields.stream().anyMatch(field -> field.name().equals(column.name()))) {
        throw new IllegalArgumentException(
            "Output column '"
                + column.name()
                + "' exists already. Drop it from the DataFrame, or set "
                + column.param()
                + " to another name.");
      }
      boolean nullable = keepsInvalid || column.nullable();
      fields.add(new StructField(column.name(), column.type(), nullable, column.metadata()));
    }
    return new StructType(fields.toArray(new StructField[0]));
  }
}
