package io.penstock.ml;

import io.penstock.feed.BadRowException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A partition's rows with their scores behind them, computed a block at a time. */
final class ScoredRows implements Iterator<Row> {
  /** Id that sequences are padded with. */
  private static final float PADDING = -1;

  private static final int MOST_FLOATS = 1 << 28;

  private final Iterator<Row> source;
  private final Scoring scoring;
  private final NetworkCopy network;
  private final Queue<Row> scored = new ArrayDeque<>();

  /** Rows of a block: fewer than wanted where an array could not hold them. */
  private final int most;

  /** Rows read. */
  private long count;

  ScoredRows(Iterator<Row> source, Scoring scoring, NetworkCopy network) {
    this.source = source;
    this.scoring = scoring;
    this.network = network;
    this.most =
        Math.max(1, Math.min(scoring.blockSize(), MOST_FLOATS / scoring.features().width()));
  }

  @Override
  public boolean hasNext() {
    while (scored.isEmpty() && source.hasNext()) {
      scoreBlock(); // which may leave all of its rows out
    }
    return !scored.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return scored.remove();
  }

  /**
   * A row of a block.
   *
   * @param number its place within the partition; -1 where rows have been left out before
   * @param features null for a row without an answer
   */
  private record Read(Row row, long number, float[] features) {}

  private void scoreBlock() {
    List<Read> block = new ArrayList<>();
    while (block.size() < most && source.hasNext()) {
      Row row = source.next();
      long number = scoring.skipsInvalid() ? -1 : count++;
      block.add(new Read(row, number, decode(row, number)));
    }
    List<float[]> features = block.stream().map(Read::features).filter(Objects::nonNull).toList();
    Outputs outputs = features.isEmpty() ? null : outputs(features);
    int index = 0;
    for (Read read : block) {
      if (read.features() == null) {
        scored.add(withoutAnswer(read.row()));
      } else {
        answer(read, outputs, index++);
      }
    }
  }

  private void answer(Read read, Outputs outputs, int index) {
    int positions = Math.min(read.features().length, outputs.positions());
    OptionalDouble bad = outputs.notFinite(index, positions);
    if (bad.isEmpty()) {
      scored.add(answered(read.row(), outputs, index, positions));
    } else if (scoring.keepsInvalid()) {
      scored.add(withoutAnswer(read.row()));
    } else if (!scoring.skipsInvalid()) {
      throw BadRowException.notScored(
          TaskContext.getPartitionId(),
          read.number(),
          scoring.features().names(),
          bad.getAsDouble(),
          scoring.overflow());
    }
  }

  private Outputs outputs(List<float[]> features) {
    int longest = features.stream().mapToInt(own -> own.length).max().getAsInt();
    float[] packed = packed(features, longest);
    return network.outputs(packed, features.size(), scoring.columns().predicted());
  }

  /** Null for a row without an answer. */
  private float[] decode(Row row, long number) {
    float[] values = new float[scoring.features().width()];
    try {
      int own = scoring.features().decode(row, values, 0, number);
      return own == values.length ? values : Arrays.copyOf(values, own);
    } catch (BadRowException bad) {
      if (scoring.keepsInvalid() && bad.isMissing()) {
        return null;
      }
      throw bad;
    }
  }

  private static float[] packed(List<float[]> features, int longest) {
    float[] packed = new float[features.size() * longest];
    int offset = 0;
    for (float[] own : features) {
      System.arraycopy(own, 0, packed, offset, own.length);
      Arrays.fill(packed, offset + own.length, offset + longest, PADDING);
      offset += longest;
    }
    return packed;
  }

  private Row answered(Row row, Outputs outputs, int index, int positions) {
    List<Object> values = values(row);
    scoring.columns().append(row, outputs, index, positions, values);
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
