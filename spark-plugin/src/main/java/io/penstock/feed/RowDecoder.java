package io.penstock.feed;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/** Turns the rows of one partition into dense floats, or says what is wrong with one. */
final class RowDecoder {
  private static final String NULL =
      "is null. Fill such values (Imputer, df.na().fill) or drop the rows (df.na().drop).";

  private final FeatureColumns columns;
  private final LabelKind kind;
  private final int partition;
  private long row = -1;

  RowDecoder(FeatureColumns columns, LabelKind kind, int partition) {
    this.columns = columns;
    this.kind = kind;
    this.partition = partition;
  }

  /**
   * Decodes the partition's next row, whose columns are those of {@link FeatureColumns#selection}.
   *
   * @param values receives the features, then the label: width + 1 values
   */
  void decode(Row source, float[] values) {
    row++;
    switch (columns.layout()) {
      case VECTOR -> vector(source, values);
      case ARRAY -> array(source, values);
      case COLUMNS -> {
        for (int i = 0; i < columns.width(); i++) {
          values[i] = number(columns.features().get(i), source.get(i));
        }
      }
    }
    String label = columns.label();
    Object value = source.get(columns.features().size());
    values[columns.width()] = number(label, value);
    kind.complaint(((Number) value).doubleValue())
        .ifPresent(
            complaint -> {
              throw bad(label, complaint);
            });
  }

  private void vector(Row source, float[] values) {
    Vector vector = (Vector) present(name(), source.get(0));
    checkWidth(vector.size());
    if (vector instanceof SparseVector sparse) {
      Arrays.fill(values, 0, columns.width(), 0f);
      for (int i = 0; i < sparse.indices().length; i++) {
        int index = sparse.indices()[i];
        values[index] = feature(index, sparse.values()[i]);
      }
    } else {
      double[] dense = vector.toArray();
      for (int i = 0; i < dense.length; i++) {
        values[i] = feature(i, dense[i]);
      }
    }
  }

  private void array(Row source, float[] values) {
    present(name(), source.get(0));
    List<Number> array = source.getList(0);
    checkWidth(array.size());
    int i = 0;
    for (Number number : array) {
      if (number == null) {
        throw bad(element(i), NULL);
      }
      values[i] = feature(i, number.doubleValue());
      i++;
    }
  }

  private float feature(int index, double value) {
    float narrow = (float) value;
    if (!Float.isFinite(narrow)) {
      throw bad(element(index), notFinite(value));
    }
    return narrow;
  }

  private float number(String column, Object value) {
    double wide = ((Number) present(column, value)).doubleValue();
    float narrow = (float) wide;
    if (!Float.isFinite(narrow)) {
      throw bad(column, notFinite(wide));
    }
    return narrow;
  }

  private Object present(String column, Object value) {
    if (value == null) {
      throw bad(column, NULL);
    }
    return value;
  }

  private void checkWidth(int size) {
    if (size != columns.width()) {
      throw bad(
          name(),
          String.format(
              "holds %d values where %d are expected. Every row must have the same number of"
                  + " features: pad, cut or drop such rows.",
              size, columns.width()));
    }
  }

  private static String notFinite(double value) {
    return Double.isFinite(value)
        ? "is " + value + ", too large for a 32-bit float. Scale the column (StandardScaler)."
        : "is "
            + value
            + "; one such value would spread to every weight. Filter out or replace such rows.";
  }

  private String name() {
    return columns.features().get(0);
  }

  private String element(int index) {
    return name() + "[" + index + "]";
  }

  private BadRowException bad(String column, String complaint) {
    return new BadRowException(partition, row, column, complaint);
  }
}
