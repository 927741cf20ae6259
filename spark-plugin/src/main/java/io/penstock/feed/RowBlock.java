package io.penstock.feed;

import io.penstock.Internal;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Block of packed rows of one bucket, as the shuffle moves them: each is its {@link RowKey}, then
 * its floats, little-endian. Between the two stands the number of the floats where that differs
 * from row to row. The bytes are not copied and must not be changed. Immutable.
 *
 * @param bucket the top bits of its rows' keys; those of validation rows come behind all others
 * @param part which half of the rows it holds
 * @param bytes the packed rows
 */
@Internal
public record RowBlock(int bucket, Part part, byte[] bytes) implements Serializable {

  /** Half of a row: its features or its label. */
  public enum Part {
    /** The input of the first stage. */
    FEATURES,
    /** The label that the last stage compares with, and the sample weight if there is one. */
    LABELS
  }

  /** Numbers that blocks can have, from 0: of training and of validation, two parts each. */
  static final int NUMBERS = 4 * RowKey.BUCKETS;

  /** Bytes of one packed row of {@code width} floats, as many as every row has. */
  static int rowBytes(int width) {
    return Math.addExact(RowKey.BYTES, Math.multiplyExact(width, Float.BYTES));
  }

  /** Returns whether its rows are for validation, not to be trained on. */
  boolean isValidation() {
    return bucket >= RowKey.BUCKETS;
  }

  /** Returns the number that sorts blocks: by bucket, features before labels. */
  static int number(int bucket, Part part) {
    return bucket << 1 | part.ordinal();
  }

  static Part partOf(int number) {
    return number % 2 == 0 ? Part.FEATURES : Part.LABELS;
  }

  static RowBlock of(int number, byte[] bytes) {
    return new RowBlock(number >> 1, partOf(number), bytes);
  }

  int number() {
    return number(bucket, part);
  }

  ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
