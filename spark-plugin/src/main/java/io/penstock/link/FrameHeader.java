package io.penstock.link;

import io.penstock.Bytes;
import io.penstock.array.NativeArrays;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Header that travels ahead of an array's bytes: for which link, from which rank, under which tag,
 * and how to read the bytes. About 60 bytes on the wire, big-endian. Immutable.
 */
record FrameHeader(UUID link, int fromRank, Tag tag, DataType type, char ordering, long[] shape) {
  /** Dimensions at most; ND4J has room for no more. */
  private static final int MOST_DIMENSIONS = 32;

  private static final int FIXED = 2 * Long.BYTES + Integer.BYTES + 17 + Integer.BYTES + 2 + 1;

  /**
   * Makes the header of a dense array.
   *
   * @throws IllegalArgumentException when the array is too large for one frame
   */
  static FrameHeader of(UUID link, int fromRank, Tag tag, INDArray array) {
    long bytes = NativeArrays.bytes(array);
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          tag
              + " has "
              + new Bytes(bytes).up()
              + "; one frame holds 2 GiB. Cut the mini-batch into more micro-batches.");
    }
    return new FrameHeader(link, fromRank, tag, array.dataType(), array.ordering(), array.shape());
  }

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(FIXED + Long.BYTES * shape.length);
    out.putLong(link.getMostSignificantBits()).putLong(link.getLeastSignificantBits());
    out.putInt(fromRank);
    out.put(tag.channel().code()).putInt(tag.channel().index());
    out.putLong(tag.step()).putInt(tag.microBatch());
    out.putInt(type.toInt()).putChar(ordering).put((byte) shape.length);
    for (long size : shape) {
      out.putLong(size);
    }
    return out.flip();
  }

  /**
   * Reads a header and checks it: what it says will be allocated.
   *
   * @throws LinkException when it is not a header of this version
   */
  static FrameHeader decode(ByteBuffer in) {
    try {
      UUID link = new UUID(in.getLong(), in.getLong());
      int fromRank = in.getInt();
      Tag tag = new Tag(Channel.of(in.get(), in.getInt()), in.getLong(), in.getInt());
      DataType type = type(in.getInt());
      char ordering = in.getChar();
      long[] shape = new long[in.get()];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = in.getLong();
      }
      FrameHeader header = new FrameHeader(link, fromRank, tag, type, ordering, shape);
      if (!in.hasRemaining() && header.isSound()) {
        return header;
      }
    } catch (RuntimeException e) {
      throw new LinkException(unreadable(), e);
    }
    throw new LinkException(unreadable());
  }

  /** Decodes an element type, for ND4J reads some numbers as types that have other ones. */
  private static DataType type(int code) {
    DataType type = DataType.fromInt(code);
    if (type.toInt() != code) {
      throw new IllegalArgumentException("No type has the number " + code);
    }
    return type;
  }

  /** Returns the bytes of the array that follows. */
  long bytes() {
    return Arrays.stream(shape).reduce(type.width(), Math::multiplyExact);
  }

  private boolean isSound() {
    Tensors.requireNumeric(type);
    return shape.length <= MOST_DIMENSIONS
        && Arrays.stream(shape).allMatch(size -> size > 0)
        && bytes() <= Integer.MAX_VALUE
        && (ordering == 'c' || ordering == 'f');
  }

  private static String unreadable() {
    return "The header of a frame cannot be read. Run the same version of Penstock on every"
        + " executor.";
  }
}
