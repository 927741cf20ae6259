package io.penstock.feed;

import io.penstock.Amount;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Decoder of a row's features: from a vector, an array, numeric columns or a sequence of ids.
 * Immutable.
 *
 * @param names the feature columns' names, in order
 * @param positions where they stand in a row
 * @param layout how the features lie in them
 * @param width features of a row; of sequences, the most
 * @param vocabulary how many token ids the network has vectors of; null where it takes numbers
 */
public record FeatureRows(
    List<String> names, int[] positions, FeatureColumns.Layout layout, int width, Long vocabulary)
    implements Serializable {
  /** The most token ids: beyond, a 32-bit float no longer holds every whole number. */
  static final int MOST_IDS = 1 << 24;

  /**
   * Checks the width.
   *
   * @throws IllegalArgumentException for rows of more than 1 GiB
   */
  public FeatureRows {
    RowWidth.check(width);
  }

  /**
   * Finds the columns in a schema.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type, or a schema
   *     that declares another width
   */
  public static FeatureRows of(StructType schema, List<String> names, int width) {
    FeatureColumns.Layout layout = new NamedFeatures(schema, names).layout(width);
    int[] positions = names.stream().mapToInt(schema::fieldIndex).toArray();
    return new FeatureRows(List.copyOf(names), positions, layout, width, null);
  }

  /**
   * Finds a column of sequences in a schema.
   *
   * @param longest the most ids that a row may have
   * @throws IllegalArgumentException for a column that is missing or of the wrong type
   */
  public static FeatureRows sequences(StructType schema, String name, int longest) {
    new NamedFeatures(schema, List.of(name)).checkSequence();
    return new FeatureRows(
        List.of(name),
        new int[] {schema.fieldIndex(name)},
        FeatureColumns.Layout.SEQUENCE,
        longest,
        null);
  }

  /**
   * Returns this decoder for token ids, if the network takes such: those it does not know are
   * refused.
   */
  public FeatureRows withVocabulary(Optional<Long> known) {
    return new FeatureRows(names, positions, layout, width, known.orElse(null));
  }

  /** Returns the rows in which no feature is missing: see {@link BadRowException#isMissing}. */
  public NumberedColumns complete(NumberedColumns rows) {
    return rows.where(
        CompleteRows.condition(Arrays.stream(positions).mapToObj(rows::at).toList(), layout));
  }

  /**
   * Decodes one row.
   *
   * @param into receives the values from {@code offset} on: {@code width} of them, or of a sequence
   *     as many as there are
   * @return how many there are
   * @throws BadRowException for a null, NaN or infinite value, another number of features, or an id
   *     that is not in the vocabulary; in sequences, for a negative id and for no ids or more than
   *     {@code width}
   */
  public int decode(Row row, float[] into, int offset) {
    return decode(row, into, offset, -1);
  }

  /**
   * Decodes one row whose place is known.
   *
   * @param number the row's place within its partition, for the message; -1 where it is not known
   */
  public int decode(Row row, float[] into, int offset, long number) {
    return decode(row, into, offset, TaskContext.getPartitionId(), number);
  }

  /** Decodes one row of a partition of that number. */
  int decode(Row row, float[] into, int offset, int partition, long number) {
    RowPosition place = new RowPosition(partition, number);
    int count = values(row, into, offset, place);
    if (vocabulary != null) {
      boolean columns = layout == FeatureColumns.Layout.COLUMNS;
      new TokenIds(vocabulary)
          .check(
              into, offset, count, i -> columns ? names.get(i) : element(names.get(0), i), place);
    }
    return count;
  }

  private int values(Row row, float[] into, int offset, RowPosition place) {
    switch (layout) {
      case SEQUENCE -> {
        return sequence(row, into, offset, place);
      }
      case VECTOR -> vector(row, into, offset, place);
      case ARRAY -> array(row, into, offset, place);
      case COLUMNS -> {
        for (int i = 0; i < width; i++) {
          into[offset + i] = number(names.get(i), row.get(positions[i]), place);
        }
      }
    }
    return width;
  }

  private int sequence(Row row, float[] into, int offset, RowPosition place) {
    String name = names.get(0);
    List<?> ids = list(row, positions[0], name, place);
    if (ids.isEmpty()) {
      throw place.missing(
          name,
          "is an empty array, in which there is nothing to learn from. Drop such rows:"
              + " df.where(size(column) > 0).");
    }
    if (ids.size() > width) {
      throw place.bad(
          name,
          String.format(
              Locale.ROOT,
              "holds %s where %d are the most, for that is the length of the network's input."
                  + " Build the network with a longer one, Sequential.input(%d), or cut the rows:"
                  + " slice(column, 1, %d), the label's too if it is a sequence.",
              new Amount(ids.size(), "id"),
              width,
              ids.size(),
              width));
    }
    int i = 0;
    for (Object number : ids) {
      long id = whole(name, i, number, place);
      if (id < 0) {
        throw place.bad(
            element(name, i),
            "is "
                + id
                + "; an id cannot be negative. Leave padding out: rows may be of any length, and"
                + " are padded with -1 when they are read.");
      }
      into[offset + i] = id;
      i++;
    }
    return ids.size();
  }

  /** Reads one id of an array, which a float must hold exactly. */
  static long whole(String column, int index, Object number, RowPosition place) {
    long id = ((Number) place.present(element(column, index), number)).longValue();
    if (id > MOST_IDS) {
      throw place.bad(
          element(column, index),
          "is "
              + id
              + ", more than a 32-bit float tells apart. Number the ids from 0 to "
              + MOST_IDS
              + " at most.");
    }
    return id;
  }

  /** Reads the values of an array column. */
  static List<?> list(Row row, int position, String column, RowPosition place) {
    Object value = place.present(column, row.get(position));
    return value.getClass().isArray() ? listed(value) : row.getList(position);
  }

  private void vector(Row row, float[] into, int offset, RowPosition place) {
    Vector vector = (Vector) place.present(names.get(0), row.get(positions[0]));
    vector(vector, names.get(0), width, into, offset, place);
  }

  /**
   * Reads a vector that stands in no DataFrame, as it would be read out of one.
   *
   * @param name what messages call it
   * @param width how many features it is to have
   * @param vocabulary how many token ids the network has vectors of, if it takes such
   * @throws BadRowException for null, a NaN or infinite value, another number of features, or an id
   *     that is not in the vocabulary
   */
  public static float[] vector(Vector vector, String name, int width, Optional<Long> vocabulary) {
    float[] values = new float[width];
    RowPosition place = new RowPosition(-1, -1);
    vector((Vector) place.present(name, vector), name, width, values, 0, place);
    vocabulary.ifPresent(
        known -> new TokenIds(known).check(values, 0, width, i -> element(name, i), place));
    return values;
  }

  private static void vector(
      Vector vector, String name, int width, float[] into, int offset, RowPosition place) {
    checkWidth(vector.size(), name, width, place);
    if (vector instanceof SparseVector sparse) {
      Arrays.fill(into, offset, offset + width, 0f);
      for (int i = 0; i < sparse.indices().length; i++) {
        int index = sparse.indices()[i];
        into[offset + index] = feature(name, index, sparse.values()[i], place);
      }
    } else {
      double[] dense = vector.toArray();
      for (int i = 0; i < dense.length; i++) {
        into[offset + i] = feature(name, i, dense[i], place);
      }
    }
  }

  private void array(Row row, float[] into, int offset, RowPosition place) {
    List<?> array = list(row, positions[0], names.get(0), place);
    checkWidth(array.size(), names.get(0), width, place);
    int i = 0;
    for (Object number : array) {
      Number there = (Number) place.present(element(names.get(0), i), number);
      into[offset + i] = feature(names.get(0), i, there.doubleValue(), place);
      i++;
    }
  }

  /**
   * Reads the result of a typed map, which Spark may hand on as it is, not encoded: then it is a
   * Java array.
   */
  private static List<Object> listed(Object array) {
    return IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i)).toList();
  }

  private static float feature(String name, int index, double value, RowPosition place) {
    float narrow = (float) value;
    if (!Float.isFinite(narrow)) {
      throw place.missing(element(name, index), notFinite(value));
    }
    return narrow;
  }

  /** Reads one numeric value of a column; the label is read by it too. */
  static float number(String column, Object value, RowPosition place) {
    double wide = ((Number) place.present(column, value)).doubleValue();
    float narrow = (float) wide;
    if (!Float.isFinite(narrow)) {
      throw place.missing(column, notFinite(wide));
    }
    return narrow;
  }

  private static void checkWidth(int size, String name, int width, RowPosition place) {
    if (size != width) {
      throw place.bad(
          name,
          String.format(
              Locale.ROOT,
              "holds %s where %d are expected. Every row must have the same number of"
                  + " them: pad, cut or drop such rows.",
              new Amount(size, "value"),
              width));
    }
  }

  private static String notFinite(double value) {
    return Double.isFinite(value)
        ? "is " + value + ", too large for a 32-bit float. Scale the column (StandardScaler)."
        : "is "
            + value
            + "; one such value would spread to every weight. Filter out or replace such rows.";
  }

  /** Returns the name of one value of an array column. */
  static String element(String column, int index) {
    return column + "[" + index + "]";
  }
}
