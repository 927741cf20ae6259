package io.penstock.link;

import io.penstock.Internal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Specification of a channel's frames by a plan: from whom they come, how many in a step, and of
 * which type and shape. Immutable.
 *
 * @param channel of the frames
 * @param fromRank the rank that sends them
 * @param microBatches frames of a step at most: their tags' micro-batches are 0 and up
 * @param type of the array
 * @param leastRows the first dimension at least
 * @param mostRows the first dimension at most
 * @param row the dimensions behind the first
 * @param shorter whether the first of these may be smaller, as where sequences are shorter
 */
@Internal
public record ExpectedFrame(
    Channel channel,
    int fromRank,
    int microBatches,
    DataType type,
    long leastRows,
    long mostRows,
    List<Long> row,
    boolean shorter) {

  /** Copies the list. */
  public ExpectedFrame {
    Objects.requireNonNull(type, "type");
    row = List.copyOf(row);
  }

  /** Returns the bytes of the largest one. */
  long bytes() {
    return row.stream().reduce(Math.multiplyExact(mostRows, type.width()), Math::multiplyExact);
  }

  boolean isOf(DataType other, long[] shape) {
    boolean same =
        type == other
            && shape.length == row.size() + 1
            && shape[0] >= leastRows
            && shape[0] <= mostRows;
    for (int i = 0; same && i < row.size(); i++) {
      long size = shape[i + 1];
      same = size == row.get(i) || (shorter && i == 0 && size >= 1 && size < row.get(i));
    }
    return same;
  }

  /** Words for the type and the shape. */
  String form() {
    String rows = leastRows == mostRows ? "" + mostRows : leastRows + " to " + mostRows;
    StringBuilder words = new StringBuilder(type + " [" + rows);
    for (int i = 0; i < row.size(); i++) {
      words.append(", ").append(shorter && i == 0 ? "1 to " : "").append(row.get(i));
    }
    return words + "]";
  }

  /** Words for the type and the shape of an array. */
  static String form(DataType type, long[] shape) {
    return type + " " + Arrays.toString(shape);
  }
}
