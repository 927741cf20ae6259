package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

class FrameHeaderTest {
  private static final UUID LINK = new UUID(1, 2);
  private static final Tag TAG = new Tag(new Channel.Gradient(3), 1L << 40, 5);

  private static FrameHeader header(DataType type, char ordering, long... shape) {
    return new FrameHeader(LINK, 7, TAG, type, ordering, shape);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    FrameHeader read = FrameHeader.decode(header(DataType.BFLOAT16, 'f', 4, 1, 9).encode());
    assertEquals(LINK, read.link());
    assertEquals(7, read.fromRank());
    assertEquals(TAG, read.tag());
    assertEquals(DataType.BFLOAT16, read.type());
    assertEquals('f', read.ordering());
    assertArrayEquals(new long[] {4, 1, 9}, read.shape());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1L << 31, Long.MAX_VALUE})
  void aSizeThatCannotBeIsRefusedBeforeAnythingIsAllocated(long size) {
    ByteBuffer forged = header(DataType.FLOAT, 'c', 2, size).encode();
    assertThrows(LinkException.class, () -> FrameHeader.decode(forged));
  }

  @Test
  void aTypeWithoutAWidthAndAStrangeOrderingAreRefused() {
    ByteBuffer text = header(DataType.UTF8, 'c', 2).encode();
    assertThrows(LinkException.class, () -> FrameHeader.decode(text));
    ByteBuffer strange = header(DataType.FLOAT, 'x', 2).encode();
    assertThrows(LinkException.class, () -> FrameHeader.decode(strange));
  }

  @Test
  void aTypeIsKnownByItsOwnNumberAlone() {
    byte[] good = header(DataType.FLOAT, 'c', 2).encode().array();
    int at = 2 * Long.BYTES + Integer.BYTES + 17;
    for (int code = -1; code < 300; code++) {
      ByteBuffer forged = ByteBuffer.wrap(good.clone()).putInt(at, code);
      try {
        assertEquals(code, FrameHeader.decode(forged).type().toInt());
      } catch (LinkException refused) {
        assertTrue(refused.getMessage().contains("cannot be read"), refused.getMessage());
      }
    }
  }

  @Test
  void moreDimensionsThanAnArrayHasAreRefused() {
    long[] ones = new long[33];
    Arrays.fill(ones, 1);
    ByteBuffer forged = header(DataType.FLOAT, 'c', ones).encode();
    assertThrows(LinkException.class, () -> FrameHeader.decode(forged));
  }

  @Test
  void aTruncatedOrOverlongHeaderIsRefused() {
    ByteBuffer whole = header(DataType.FLOAT, 'c', 2, 3).encode();
    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer part = whole.slice(0, length);
      assertThrows(LinkException.class, () -> FrameHeader.decode(part));
    }
    ByteBuffer longer = ByteBuffer.allocate(whole.limit() + 1).put(whole).rewind();
    assertThrows(LinkException.class, () -> FrameHeader.decode(longer));
  }
}
