package io.penstock.feed;

import java.nio.ByteBuffer;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Sort key of a row, which gives its place in the canonical order. Immutable. It is 128 bits of
 * MurmurHash3 (Appleby 2011) over the seed and the bits of the row's features and label, compared
 * as one unsigned number. Rows with equal keys hold equal bits, so that their order among
 * themselves does not matter; but for their weights, by which {@link Stores} sorts them then.
 */
record RowKey(long high, long low) implements Comparable<RowKey> {
  static final int BYTES = 16;

  /**
   * Number of buckets: a row's bucket is the top bits of its key, so that buckets in order are rows
   * in order.
   */
  static final int BUCKETS = 256;

  private static final int BUCKET_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(BUCKETS);

  /** Hashes a row's bytes, which begin with the seed. */
  static RowKey of(byte[] seedAndRow) {
    return of(seedAndRow, seedAndRow.length);
  }

  /** Hashes the first {@code length} bytes. */
  static RowKey of(byte[] seedAndRow, int length) {
    long[] hash = MurmurHash3.hash128x64(seedAndRow, 0, length, 0);
    return new RowKey(hash[0], hash[1]);
  }

  /** Reads what {@link #write} wrote. */
  static RowKey read(ByteBuffer from, int index) {
    return new RowKey(from.getLong(index), from.getLong(index + Long.BYTES));
  }

  void write(ByteBuffer to) {
    to.putLong(high).putLong(low);
  }

  int bucket() {
    return (int) (high >>> BUCKET_SHIFT);
  }

  @Override
  public int compareTo(RowKey other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }
}
