package io.penstock.ml;

import io.penstock.feed.BadRowException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/**
 * A partition's rows in blocks that are scored together. The same rows make the same blocks,
 * whichever way these are scored.
 */
final class ScoreBlocks implements Iterator<ScoreBlock> {
  /** Id that sequences are padded with. */
  private static final float PADDING = -1;

  private static final int MOST_FLOATS = 1 << 28;

  private final Iterator<Row> source;
  private final Scoring scoring;

  /** Rows of a block: fewer than wanted where an array could not hold them. */
  private final int most;

  /** Rows read. */
  private long count;

  ScoreBlocks(Iterator<Row> source, Scoring scoring) {
    this.source = source;
    this.scoring = scoring;
    this.most = mostRows(scoring);
  }

  /** The most rows that a block can have. */
  static int mostRows(Scoring scoring) {
    return Math.max(1, Math.min(scoring.blockSize(), MOST_FLOATS / scoring.features().width()));
  }

  @Override
  public boolean hasNext() {
    return source.hasNext();
  }

  @Override
  public ScoreBlock next() {
    if (!source.hasNext()) {
      throw new NoSuchElementException();
    }
    List<ScoreBlock.Read> block = new ArrayList<>();
    List<float[]> features = new ArrayList<>();
    int longest = 0;
    while (block.size() < most && source.hasNext()) {
      Row row = source.next();
      long number = scoring.skipsInvalid() ? -1 : count++;
      float[] own = decode(row, number);
      block.add(new ScoreBlock.Read(row, number, own == null ? 0 : own.length));
      if (own != null) {
        features.add(own);
        longest = Math.max(longest, own.length);
      }
    }
    return new ScoreBlock(
        block, features.size(), longest, features.isEmpty() ? null : packed(features, longest));
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
}
