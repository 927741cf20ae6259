package io.penstock.feed;

import io.penstock.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Rows that {@code handleInvalid} leaves out of a DataFrame: how many, and why. Immutable.
 *
 * @param way value of {@code handleInvalid}
 * @param of how many rows the DataFrame has
 * @param rows how many of them are left out
 * @param reasons by column, in how many rows its value is missing; those in which it is
 */
public record LeftOut(String way, long of, long rows, List<Map.Entry<String, Long>> reasons) {
  /** Columns that a message names at most; there may be hundreds of features. */
  private static final int TOLD = 3;

  /** Copies the list. */
  public LeftOut {
    reasons = List.copyOf(reasons);
  }

  /**
   * Counts the rows, in one job of Spark's.
   *
   * @param columns which must be there; each is named, so that it can be told
   */
  static LeftOut of(String way, NumberedColumns data, List<Map.Entry<String, Column>> columns) {
    List<Column> counts = new ArrayList<>();
    Column all = functions.lit(true);
    for (Map.Entry<String, Column> column : columns) {
      counts.add(missing(column.getValue()));
      all = all.and(column.getValue());
    }
    counts.add(missing(all));
    Row counted =
        data.rows().agg(functions.count(functions.lit(1)), counts.toArray(Column[]::new)).first();
    List<Map.Entry<String, Long>> reasons = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (counted.getLong(i + 1) > 0) {
        reasons.add(Map.entry(columns.get(i).getKey(), counted.getLong(i + 1)));
      }
    }
    return new LeftOut(way, counted.getLong(0), counted.getLong(counts.size()), reasons);
  }

  private static Column missing(Column present) {
    return functions.count(
        functions.when(functions.coalesce(present, functions.lit(false)), null).otherwise(1));
  }

  /** Returns whether no row is left. */
  boolean all() {
    return rows == of;
  }

  /** Words that say how many rows are left out, and which columns have to do with it. */
  String words() {
    String why =
        reasons.stream()
            .limit(TOLD)
            .map(
                reason ->
                    "column '"
                        + reason.getKey()
                        + "' is missing in "
                        + new Amount(reason.getValue(), "row"))
            .collect(Collectors.joining(", "));
    int more = reasons.size() - TOLD;
    return "handleInvalid is "
        + way
        + ", which left out "
        + (all() ? "all " : rows + " of ")
        + new Amount(of, "row")
        + ": "
        + why
        + (more > 0 ? ", and so on for " + new Amount(more, "column") + " more" : "")
        + ". Missing is null, NaN, infinite, too large for a float, or an empty sequence. Fill such"
        + " values (Imputer, df.na().fill), choose other columns, or set handleInvalid to error,"
        + " which names the first such row.";
  }
}
