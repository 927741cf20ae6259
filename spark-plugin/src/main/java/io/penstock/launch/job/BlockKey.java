package io.penstock.launch.job;

import io.penstock.Amount;
import io.penstock.Internal;
import org.apache.spark.Partitioner;

/**
 * Key of a block of rows on its way through a network's stages and back: the partition that the
 * rows are of, the block's number in it and a slot, which is the rank that it goes to or, on the
 * way back, a part. Keys are longs, which every serializer that Spark may be set to knows, and sort
 * in this order. Stateless.
 */
@Internal
public final class BlockKey {
  /** Most ranks. */
  static final int SLOTS = 1 << 8;

  private static final int PARTITIONS = 1 << 23;
  private static final int SLOT_BITS = 8;
  private static final int BLOCK_BITS = 32;

  private BlockKey() {}

  /**
   * Returns a key.
   *
   * @throws IllegalArgumentException if the partition's number is too large for one
   */
  public static long of(int partition, long block, int slot) {
    if (partition >= PARTITIONS || block >>> BLOCK_BITS != 0) {
      throw new IllegalArgumentException(
          "Block "
              + block
              + " of partition "
              + partition
              + " is more than scoring through stages can count: it takes "
              + new Amount(PARTITIONS, "partition")
              + ". Coalesce the rows.");
    }
    if (slot < 0 || slot >= SLOTS) {
      throw new IllegalArgumentException(
          "Stage "
              + slot
              + " is more than scoring through stages can count: it takes "
              + SLOTS
              + ". Set spark.penstock.scoring.stages to that or less.");
    }
    return (long) partition << BLOCK_BITS + SLOT_BITS | block << SLOT_BITS | slot;
  }

  /** Returns the partition. */
  static int partition(long key) {
    return (int) (key >>> BLOCK_BITS + SLOT_BITS);
  }

  /** Returns the slot. */
  public static int slot(long key) {
    return (int) key & SLOTS - 1;
  }

  /** Returns the key of the same block in another slot. */
  static long inSlot(long key, int slot) {
    return key & -SLOTS | slot;
  }

  /** Partitioner of blocks: to the ranks of their slots, or back to the partitions of the rows. */
  static final class To extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int count;
    private final boolean ranks;

    private To(int count, boolean ranks) {
      this.count = count;
      this.ranks = ranks;
    }

    static To ranks(int count) {
      return new To(count, true);
    }

    static To partitions(int count) {
      return new To(count, false);
    }

    @Override
    public int numPartitions() {
      return count;
    }

    @Override
    public int getPartition(Object key) {
      return ranks ? slot((Long) key) : partition((Long) key);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof To to && to.count == count && to.ranks == ranks;
    }

    @Override
    public int hashCode() {
      return 31 * count + Boolean.hashCode(ranks);
    }
  }
}
