package io.penstock.feed;

import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** Turns the rows of one partition into dense floats, or says what is wrong with one. */
final class RowDecoder {
  private final FeatureColumns columns;
  private final FeatureRows features;
  private final LabelKind kind;
  private final int partition;
  private long row = -1;

  RowDecoder(FeatureColumns columns, LabelKind kind, int partition) {
    this.columns = columns;
    this.features =
        new FeatureRows(
            columns.features(),
            IntStream.range(0, columns.features().size()).toArray(),
            columns.layout(),
            columns.width());
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
    features.decode(source, values, 0, partition, row);
    String label = columns.label();
    Object value = source.get(columns.features().size());
    FeatureRows.Place place = new FeatureRows.Place(partition, row);
    values[columns.width()] = FeatureRows.number(label, value, place);
    kind.complaint(((Number) value).doubleValue())
        .ifPresent(
            complaint -> {
              throw place.bad(label, complaint);
            });
  }
}
