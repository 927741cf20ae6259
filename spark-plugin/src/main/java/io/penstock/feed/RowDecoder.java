package io.penstock.feed;

import io.penstock.Amount;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * Decoder of one partition's rows to floats, which says what is wrong with a row that it refuses.
 * For one thread.
 */
final class RowDecoder {
  /** Number that pads sequences, features and labels; in labels also what is to be ignored. */
  static final float PADDING = -1;

  private final FeatureColumns columns;
  private final FeatureRows features;
  private final FeatureRows labels;
  private final LabelKind kind;
  private final RowWidth featureWidth;
  private final RowWidth targetWidth;
  private final int labelAt;
  private final int partition;
  private long row = -1;

  /**
   * A decoder of a partition's rows.
   *
   * @throws IllegalArgumentException if the columns were found for another kind of label
   */
  RowDecoder(FeatureColumns columns, LabelKind kind, int partition) {
    this.columns = columns;
    this.featureWidth = columns.featureWidth();
    this.targetWidth = columns.targetWidth(kind);
    this.labelAt = columns.features().size();
    this.features =
        new FeatureRows(
            columns.features(),
            IntStream.range(0, labelAt).toArray(),
            columns.layout(),
            columns.width(),
            columns.vocabulary());
    this.labels =
        new FeatureRows(
            List.of(columns.label()),
            new int[] {labelAt},
            columns.labelLayout(),
            columns.labelWidth(kind).most(),
            null);
    this.kind = kind;
    this.partition = partition;
  }

  RowWidth featureWidth() {
    return featureWidth;
  }

  /** Returns the width of the label, with the sample weight if there is one. */
  RowWidth targetWidth() {
    return targetWidth;
  }

  /** Returns how many values of a row are its sample weight: 1, or 0 without weights. */
  int weightFloats() {
    return columns.weightFloats();
  }

  /**
   * Decodes the partition's next row, whose columns are those of {@link FeatureColumns#selection}.
   *
   * @param values receives the features, then the label, then the weight if there is one
   * @return how many features the row has; its label is as long where it is a sequence
   */
  int decode(Row source, float[] values) {
    row++;
    int count = features.decode(source, values, 0, partition, row);
    switch (columns.labelLayout()) {
      case COLUMNS -> values[count] = number(source);
      case VECTOR, ARRAY -> labels.decode(source, values, count, partition, row);
      case SEQUENCE -> sequence(source, values, count);
    }
    if (columns.weighted()) {
      int label = targetWidth.varies() ? count : targetWidth.most() - weightFloats();
      values[count + label] = weight(source);
    }
    return count;
  }

  private float weight(Row source) {
    RowPosition place = new RowPosition(partition, row);
    Object value = source.get(labelAt + 1);
    float weight = FeatureRows.number(columns.weight(), value, place);
    if (((Number) value).doubleValue() < 0) {
      throw place.bad(
          columns.weight(),
          "is "
              + value
              + "; a weight cannot be negative. Give 0 to rows that shall not count, and more to"
              + " those that shall.");
    }
    return weight + 0f; // -0 is 0, also to its bits
  }

  private float number(Row source) {
    String label = columns.label();
    Object value = source.get(labelAt);
    RowPosition place = new RowPosition(partition, row);
    float number = FeatureRows.number(label, value, place);
    complain(label, ((Number) value).doubleValue(), place);
    return number;
  }

  private void sequence(Row source, float[] values, int count) {
    String label = columns.label();
    RowPosition place = new RowPosition(partition, row);
    List<?> ids = FeatureRows.list(source, labelAt, label, place);
    if (ids.size() != count) {
      throw place.bad(
          label,
          String.format(
              Locale.ROOT,
              "holds %s where the features '%s' hold %d; both must be of the same length. Give"
                  + " places without an answer the label -1.",
              new Amount(ids.size(), "id"),
              columns.features().get(0),
              count));
    }
    int i = 0;
    for (Object number : ids) {
      long id = FeatureRows.whole(label, i, number, place);
      complain(FeatureRows.element(label, i), id, place);
      values[count + i] = id < 0 ? PADDING : id;
      i++;
    }
  }

  private void complain(String column, double value, RowPosition place) {
    kind.complaint(value)
        .ifPresent(
            complaint -> {
              throw place.bad(column, complaint);
            });
  }
}
