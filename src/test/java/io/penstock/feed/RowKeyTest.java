package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RowKeyTest {
  @Test
  void keysCompareAsUnsignedNumbers() {
    assertTrue(new RowKey(1, 0).compareTo(new RowKey(-1, 0)) < 0);
    assertTrue(new RowKey(1, 1).compareTo(new RowKey(1, -1)) < 0);
    assertEquals(0, new RowKey(-1, -1).compareTo(new RowKey(-1, -1)));
  }

  @Test
  void bucketsInOrderAreKeysInOrder() {
    assertEquals(0, new RowKey(0, -1).bucket());
    assertEquals(127, new RowKey(Long.MAX_VALUE, 0).bucket());
    assertEquals(128, new RowKey(Long.MIN_VALUE, 0).bucket());
    assertEquals(RowKey.BUCKETS - 1, new RowKey(-1, 0).bucket());
  }

  @Test
  void aKeyComesBackAsItWasWritten() {
    RowKey key = RowKey.of(new byte[] {1, 2, 3});
    ByteBuffer bytes = ByteBuffer.allocate(RowKey.BYTES);
    key.write(bytes);
    assertEquals(key, RowKey.read(bytes, 0));
  }
}
