package io.penstock.ml;

import io.penstock.feed.BadRowException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A partition's rows with their scores behind them, computed a block at a time. */
final class ScoredRows implements Iterator<Row> {
  /** What sequences are padded with. */
  private static final float PADDING = -1;

  private static final int MOST_FLOATS = 1 << 28;

  private final Iterator<Row> source;
  private final Scoring scoring;
  private final Queue<Row> scored = new ArrayDeque<>();

  /** Rows of a block: fewer than wanted where an array could not hold them. */
  private final int most;

  ScoredRows(Iterator<Row> source, Scoring scoring) {
    this.source = source;
    this.scoring = scoring;
    this.most =
        Math.max(1, Math.min(scoring.blockSize(), MOST_FLOATS / scoring.features().width()));
  }

  @Override
  public boolean hasNext() {
    return !scored.isEmpty() || source.hasNext();
  }

  @Override
  public Row next() {
    if (scored.isEmpty()) {
      if (!source.hasNext()) {
        throw new NoSuchElementException();
      }
      scoreBlock();
    }
    return scored.remove();
  }

  private void scoreBlock() {
    List<Row> rows = new ArrayList<>();
    List<float[]> features = new ArrayList<>();
    int complete = 0;
    int longest = 0;
    while (rows.size() < most && source.hasNext()) {
      Row row = source.next();
      float[] own = decode(row);
      rows.add(row);
      features.add(own);
      complete += own == null ? 0 : 1;
      longest = own == null ? longest : Math.max(longest, own.length);
    }
    Outputs outputs = complete == 0 ? null : outputs(features, complete, longest);
    int index = 0;
    for (int i = 0; i < rows.size(); i++) {
      boolean missing = features.get(i) == null;
      scored.add(
          missing
              ? withoutAnswer(rows.get(i))
              : answered(rows.get(i), outputs, index, features.get(i).length));
      index += missing ? 0 : 1;
    }
  }

  private Outputs outputs(List<float[]> features, int complete, int longest) {
    float[] packed = packed(features, complete, longest);
    return scoring.scorer().outputs(packed, complete, scoring.columns().predicted());
  }

  /** Null for a row without an answer. */
  private float[] decode(Row row) {
    float[] values = new float[scoring.features().width()];
    try {
      int count = scoring.features().decode(row, values, 0);
      return count == values.length ? values : Arrays.copyOf(values, count);
    } catch (BadRowException bad) {
      if (scoring.keepsInvalid() && bad.isMissing()) {
        return null;
      }
      throw bad;
    }
  }

  private static float[] packed(List<float[]> features, int complete, int longest) {
    float[] packed = new float[complete * longest];
    int offset = 0;
    for (float[] own : features) {
      if (own != null) {
        System.arraycopy(own, 0, packed, offset, own.length);
        Arrays.fill(packed, offset + own.length, offset + longest, PADDING);
        offset += longest;
      }
    }
    return packed;
  }

  private Row answered(Row row, Outputs outputs, int index, int length) {
    List<Object> values = values(row);
    scoring.columns().append(row, outputs, index, Math.min(length, outputs.places()), values);
    return RowFactory.create(values.toArray());
  }

  private Row withoutAnswer(Row row) {
    List<Object> values = values(row);
    scoring.columns().columns().forEach(column -> values.add(null));
    return RowFactory.create(values.toArray());
  }

  private List<Object> values(Row row) {
    List<Object> values = new ArrayList<>(row.size() + scoring.columns().columns().size());
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }
    return values;
  }
}
