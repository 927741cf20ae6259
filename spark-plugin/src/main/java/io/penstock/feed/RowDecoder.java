package io.penstock.feed;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** Turns the rows of one partition into floats, or says what is wrong with one. */
final class RowDecoder {
  /** What sequences are padded with, features and labels; in labels also what is to be ignored. */
  static final float PADDING = -1;

  private final FeatureColumns columns;
  private final FeatureRows features;
  private final FeatureRows labels;
  private final LabelKind kind;
  private final RowWidth featureWidth;
  private final RowWidth labelWidth;
  private final int labelAt;
  private final int partition;
  private long row = -1;

  /**
   * @throws IllegalArgumentException if the columns were found for another kind of label
   */
  RowDecoder(FeatureColumns columns, LabelKind kind, int partition) {
    this.columns = columns;
    this.featureWidth = columns.featureWidth();
    this.labelWidth = columns.labelWidth(kind);
    this.labelAt = columns.features().size();
    this.features =
        new FeatureRows(
            columns.features(),
            IntStream.range(0, labelAt).toArray(),
            columns.layout(),
            columns.width());
    this.labels =
        new FeatureRows(
            List.of(columns.label()),
            new int[] {labelAt},
            columns.labelLayout(),
            labelWidth.most());
    this.kind = kind;
    this.partition = partition;
  }

  RowWidth featureWidth() {
    return featureWidth;
  }

  RowWidth labelWidth() {
    return labelWidth;
  }

  /**
   * Decodes the partition's next row, whose columns are those of {@link FeatureColumns#selection}.
   *
   * @param values receives the features, then the label
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
    return count;
  }

  private float number(Row source) {
    String label = columns.label();
    Object value = source.get(labelAt);
    FeatureRows.Place place = new FeatureRows.Place(partition, row);
    float number = FeatureRows.number(label, value, place);
    complain(label, ((Number) value).doubleValue(), place);
    return number;
  }

  private void sequence(Row source, float[] values, int count) {
    String label = columns.label();
    FeatureRows.Place place = new FeatureRows.Place(partition, row);
    List<?> ids = FeatureRows.list(source, labelAt, label, place);
    if (ids.size() != count) {
      throw place.bad(
          label,
          String.format(
              "holds %d ids where the features '%s' hold %d; both must be of the same length. Give"
                  + " places without an answer the label -1.",
              ids.size(), columns.features().get(0), count));
    }
    int i = 0;
    for (Object number : ids) {
      long id = FeatureRows.whole(label, i, number, place);
      complain(FeatureRows.element(label, i), id, place);
      values[count + i] = id < 0 ? PADDING : id;
      i++;
    }
  }

  private void complain(String column, double value, FeatureRows.Place place) {
    kind.complaint(value)
        .ifPresent(
            complaint -> {
              throw place.bad(column, complaint);
            });
  }
}
