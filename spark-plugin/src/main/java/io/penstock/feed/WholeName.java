package io.penstock.feed;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Columns by their whole names: a dot in one is no path into a struct. */
public final class WholeName {
  private WholeName() {}

  /** The column of exactly this name. */
  public static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }
}
