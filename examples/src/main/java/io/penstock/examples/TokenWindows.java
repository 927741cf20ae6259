package io.penstock.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A text cut into windows one behind the other, in which every id has the one that follows it as
 * its label. The last window may be shorter.
 *
 * @param ids of the text
 * @param length of a window
 */
record TokenWindows(int[] ids, int length) {
  /** The column of ids. */
  static final String IDS = "ids";

  /** The column of the ids that follow. */
  static final String NEXT = "next";

  private static final StructType SCHEMA =
      new StructType()
          .add(IDS, DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add(NEXT, DataTypes.createArrayType(DataTypes.IntegerType, false));

  /** How many windows there are. */
  int count() {
    return (ids.length - 1 + length - 1) / length;
  }

  /** The ids of a window. */
  int[] window(int index) {
    return part(index, 0);
  }

  /** The ids that follow those of a window. */
  int[] next(int index) {
    return part(index, 1);
  }

  private int[] part(int index, int shift) {
    int start = index * length;
    int end = Math.min(start + length, ids.length - 1);
    return Arrays.copyOfRange(ids, start + shift, end + shift);
  }

  /** A row a window: {@link #IDS} and {@link #NEXT}, two arrays of ints as long as each other. */
  Dataset<Row> rows(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      rows.add(RowFactory.create(boxed(window(i)), boxed(next(i))));
    }
    return spark.createDataFrame(rows, SCHEMA);
  }

  private static Integer[] boxed(int[] some) {
    return IntStream.of(some).boxed().toArray(Integer[]::new);
  }
}
