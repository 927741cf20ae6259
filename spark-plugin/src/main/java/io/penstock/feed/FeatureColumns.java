package io.penstock.feed;

import io.penstock.Amount;
import io.penstock.feed.LabelKind.Ids;
import io.penstock.feed.LabelKind.Reals;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of a row's features, label and, if it has one, sample weight. Features are one vector
 * column, one array of floats or doubles, numeric columns side by side, or one array of ids whose
 * length differs from row to row. Immutable.
 *
 * @param features the feature columns' names, in order
 * @param label the label column's name
 * @param layout how the features lie in their columns
 * @param labelLayout how the label lies in its column
 * @param width the number of features of a row; of sequences, the length of the longest allowed
 * @param weight the name of the column that says how much a row counts; null where every row counts
 *     once
 * @param vocabulary how many token ids the network has vectors of; null where it takes numbers
 */
public record FeatureColumns(
    List<String> features,
    String label,
    Layout layout,
    Layout labelLayout,
    int width,
    String weight,
    Long vocabulary)
    implements Serializable {

  /** Form in which values lie in their columns. */
  public enum Layout {
    /** One column of Spark ML vectors, dense or sparse. */
    VECTOR,
    /** One column of {@code array<float>} or {@code array<double>}; as a label, of any numbers. */
    ARRAY,
    /** Numeric columns, one value each. */
    COLUMNS,
    /**
     * One column of {@code array<int>}, {@code array<long>} or {@code array<short>}: ids, as many
     * as the row has.
     */
    SEQUENCE
  }

  /** Copies the list, and checks that there is a feature and that the two layouts go together. */
  public FeatureColumns {
    features = List.copyOf(features);
    if (width < 1) {
      throw new IllegalArgumentException(
          "the rows are " + new Amount(width, "feature") + " wide; a network needs at least one.");
    }
    RowWidth.check(width);
    if (labelLayout == Layout.SEQUENCE && layout != Layout.SEQUENCE) {
      throw new IllegalArgumentException(
          "column '"
              + label
              + "' holds an id for every id of the features, but "
              + features
              + " are no sequences. Choose an array<int> of ids as features, or another label.");
    }
  }

  /** Columns of features of which any number will do. */
  public FeatureColumns(
      List<String> features,
      String label,
      Layout layout,
      Layout labelLayout,
      int width,
      String weight) {
    this(features, label, layout, labelLayout, width, weight, null);
  }

  /** Columns of rows that all count once. */
  public FeatureColumns(
      List<String> features, String label, Layout layout, Layout labelLayout, int width) {
    this(features, label, layout, labelLayout, width, null);
  }

  /** Columns whose label is one number. */
  public FeatureColumns(List<String> features, String label, Layout layout, int width) {
    this(features, label, layout, Layout.COLUMNS, width);
  }

  /**
   * Finds the columns in a DataFrame; the label is one number. Where neither the schema nor the
   * column's ML attributes tell the width (an array, a vector not made by Spark ML), one row is
   * read, which runs a Spark job.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type
   * @throws EmptyDataException if a row had to be read and there is none
   */
  public static FeatureColumns of(Dataset<Row> data, List<String> features, String label) {
    StructType schema = data.schema();
    Layout labelLayout = labelLayout(schema, features, label, LabelKind.real());
    NamedFeatures named = new NamedFeatures(schema, features);
    Layout layout = named.layout();
    OptionalInt declared = named.declaredWidth();
    int width = declared.isPresent() ? declared.getAsInt() : firstWidth(data, features.get(0));
    return new FeatureColumns(features, label, layout, labelLayout, width);
  }

  /**
   * Finds the columns in a schema, where the width is known beforehand: from a model, say. The
   * label is one number.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type, or a schema
   *     that declares another width
   */
  public static FeatureColumns of(
      StructType schema, List<String> features, String label, int width) {
    return of(schema, features, label, LabelKind.real(), width);
  }

  /**
   * Finds the columns in a schema, with any kind of label but a sequence: one number, or a vector
   * or an array of several.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type, or a schema
   *     that declares another width
   */
  public static FeatureColumns of(
      StructType schema, List<String> features, String label, LabelKind kind, int width) {
    Layout labelLayout = labelLayout(schema, features, label, kind);
    Layout layout = new NamedFeatures(schema, features).layout(width);
    return new FeatureColumns(features, label, layout, labelLayout, width);
  }

  /**
   * Finds columns of sequences in a schema: features that are one column of {@code array<int>},
   * {@code array<long>} or {@code array<short>}, with a label of any kind; {@link LabelKind#ids}
   * takes an array as long as the features'.
   *
   * @param longest the most ids that a row may have: the length that the network's input has. Rows
   *     that are longer are refused when they are read, not cut: a row's end is not ours to lose.
   *     To cut them, select {@code slice(features, 1, longest)} of both columns.
   * @throws IllegalArgumentException for a column that is missing or of the wrong type
   */
  public static FeatureColumns sequences(
      StructType schema, String features, String label, LabelKind kind, int longest) {
    Layout labelLayout = labelLayout(schema, List.of(features), label, kind);
    new NamedFeatures(schema, List.of(features)).checkSequence();
    return new FeatureColumns(List.of(features), label, Layout.SEQUENCE, labelLayout, longest);
  }

  /**
   * Returns the rows in which neither a feature nor the label is missing: see {@link
   * BadRowException#isMissing}. A missing weight is a mistake and not a gap in the data: it is
   * refused when it is read.
   */
  public NumberedColumns complete(NumberedColumns rows) {
    return rows.where(
        CompleteRows.condition(rows.columns(features), layout)
            .and(CompleteRows.condition(rows.columns(List.of(label)), labelLayout)));
  }

  /**
   * Counts the rows that {@link #complete} leaves out of a DataFrame, and with it {@link
   * ValidationColumn#known}: one job of Spark's.
   *
   * @param way what {@code handleInvalid} is, to be told
   */
  public LeftOut leftOut(String way, NumberedColumns rows, Optional<ValidationColumn> validation) {
    List<Column> features = CompleteRows.each(rows.columns(this.features), layout);
    List<Map.Entry<String, Column>> needed = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      needed.add(Map.entry(this.features.get(i), features.get(i)));
    }
    Column answer = CompleteRows.condition(rows.columns(List.of(label)), labelLayout);
    needed.add(Map.entry(label, answer));
    validation.ifPresent(
        it -> needed.add(Map.entry(it.name(), rows.column(it.name()).isNotNull())));
    return LeftOut.of(way, rows, needed);
  }

  /**
   * Returns these columns with one of sample weights: in the loss and its gradient a row of weight
   * 2 counts as two such rows, one of weight 0 as none; batch normalisation's statistics take each
   * once. A mini-batch's loss is the weighted mean of its rows', so that only the weights'
   * proportions matter. A sequence's weight holds at all its places. Weights are of any numeric
   * type, finite and not negative; a row that breaks this is refused when it is read.
   *
   * @param schema where the column is to be found
   * @throws IllegalArgumentException for a column that is missing or not numeric
   */
  public FeatureColumns withWeight(StructType schema, String column) {
    TypedColumn weights = TypedColumn.in(schema, column, "weight");
    if (!weights.isNumber()) {
      throw weights.wrongType("a weight must be numeric. Cast it to double.");
    }
    return new FeatureColumns(features, label, layout, labelLayout, width, column, vocabulary);
  }

  /**
   * Returns these columns with features that are token ids, if the network takes such: a row with
   * another id is refused when read.
   */
  public FeatureColumns withVocabulary(Optional<Long> known) {
    return new FeatureColumns(
        features, label, layout, labelLayout, width, weight, known.orElse(null));
  }

  /** Returns whether rows have sample weights. */
  public boolean weighted() {
    return weight != null;
  }

  /** Returns how many values of a row are features. */
  RowWidth featureWidth() {
    return new RowWidth(width, layout == Layout.SEQUENCE);
  }

  /**
   * Returns how many values of a row are the label.
   *
   * @throws IllegalArgumentException if these columns were found for another kind of label
   */
  RowWidth labelWidth(LabelKind kind) {
    boolean fits =
        switch (labelLayout) {
          case COLUMNS -> !(kind instanceof Ids) && kind.numbers() == 1;
          case VECTOR, ARRAY -> kind instanceof Reals;
          case SEQUENCE -> kind instanceof Ids;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "column '%s' was found as a label of layout %s, which cannot be %s. Find the columns"
                  + " with the same kind of label.",
              label,
              labelLayout,
              kind));
    }
    return kind instanceof Ids ? featureWidth() : new RowWidth(kind.numbers(), false);
  }

  /**
   * Returns how many values of a row go to the last stage: the label, and behind it the weight if
   * there is one.
   *
   * @throws IllegalArgumentException if these columns were found for another kind of label
   */
  RowWidth targetWidth(LabelKind kind) {
    RowWidth width = labelWidth(kind);
    return new RowWidth(Math.addExact(width.most(), weightFloats()), width.varies());
  }

  /** Returns how many values of a row are its sample weight: 1, or 0 without weights. */
  int weightFloats() {
    return weighted() ? 1 : 0;
  }

  /** Returns the feature columns in order, then the label, then the weight if there is one. */
  List<Column> selection(NumberedColumns rows) {
    Stream<String> ends = weighted() ? Stream.of(label, weight) : Stream.of(label);
    return rows.columns(Stream.concat(features.stream(), ends).toList());
  }

  private static Layout labelLayout(
      StructType schema, List<String> features, String label, LabelKind kind) {
    if (features.contains(label)) {
      throw new IllegalArgumentException(
          "column '"
              + label
              + "' is both a feature and the label: the network would be told the answer. Take it"
              + " out of the features.");
    }
    return TypedColumn.in(schema, label, "label").labelLayout(kind);
  }

  private static int firstWidth(Dataset<Row> data, String name) {
    NumberedColumns all = NumberedColumns.of(data);
    Column column = all.column(name);
    List<Row> rows = all.where(column.isNotNull()).rows().select(column).takeAsList(1);
    if (rows.isEmpty()) {
      if (data.isEmpty()) {
        throw new EmptyDataException();
      }
      throw new IllegalArgumentException(
          "column '" + name + "' is null in every row: choose another, or fill it.");
    }
    Row row = rows.get(0);
    return row.get(0) instanceof Vector vector ? vector.size() : row.getList(0).size();
  }
}
