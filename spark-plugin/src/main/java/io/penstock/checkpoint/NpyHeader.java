package io.penstock.checkpoint;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Header of a file in NumPy's format, versions 1.0 to 3.0 (NumPy Enhancement Proposal 1): element
 * type, memory order and shape. Immutable. ND4J's native reader trusts a header, and ends the
 * process where it lies; so this one is read in Java, and the numbers too: see {@link NpyFile}.
 *
 * @param type of the numbers
 * @param byColumns whether the first index runs fastest ({@code fortran_order}), not the last
 * @param shape the dimensions; none for a single number
 * @param start where the numbers begin, in bytes
 */
record NpyHeader(NpyType type, boolean byColumns, List<Long> shape, long start) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Bytes of a header at most; ours take 118, and a header of many fields is none of numbers. */
  private static final int MOST = 1 << 16;

  private static final int LAST_VERSION = 3;

  /** The numbers begin at a multiple of so many bytes, as NumPy has them. */
  private static final int ALIGNMENT = 64;

  NpyHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Reads a header, and nothing behind it.
   *
   * @param name of the file, for the message
   * @throws IOException that names the file if it does not begin as one of NumPy's with numbers
   */
  static NpyHeader read(String name, InputStream bytes) throws IOException {
    DataInputStream in = new DataInputStream(bytes);
    try {
      byte[] magic = new byte[MAGIC.length];
      int begun = in.readNBytes(magic, 0, magic.length);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new IOException(
            name
                + " is not a file in NumPy's format: it does not begin as one"
                + (begun < MAGIC.length ? ", it has " + begun + " bytes" : "")
                + ". Was it copied whole?");
      }
      int major = in.readUnsignedByte();
      int minor = in.readUnsignedByte();
      if (major < 1 || major > LAST_VERSION || minor != 0) {
        throw new IOException(
            name
                + " is in version "
                + major
                + "."
                + minor
                + " of NumPy's format; 1.0, 2.0 and 3.0 can be read. Save it with numpy.save.");
      }
      boolean narrow = major == 1;
      long length = littleEndian(in, narrow ? Short.BYTES : Integer.BYTES);
      if (length > MOST) {
        throw new IOException(
            name
                + " says that its NumPy header has "
                + length
                + " bytes; that of an array of numbers is short, and more than "
                + MOST
                + " are not read. Is it damaged?");
      }
      byte[] text = new byte[(int) length];
      in.readFully(text);
      long start = MAGIC.length + 2 + (narrow ? Short.BYTES : Integer.BYTES) + length;
      return new NpyDictionary(name, new String(text, StandardCharsets.ISO_8859_1)).header(start);
    } catch (EOFException cause) {
      throw new IOException(name + " ends within its NumPy header. Was it copied whole?", cause);
    }
  }

  /** Returns the header of an array of floats in the host's byte order, version 1.0. */
  static NpyHeader ofFloats(boolean byColumns, List<Long> shape) {
    NpyHeader open = new NpyHeader(NpyType.floats(), byColumns, shape, 0);
    return new NpyHeader(open.type(), byColumns, shape, open.encoded().length);
  }

  /** Encodes the header as a file of version 1.0 begins: the numbers follow at a round place. */
  byte[] encoded() {
    String dimensions = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String text =
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': %s, 'shape': (%s%s), }",
            type.description(),
            byColumns ? "True" : "False",
            dimensions,
            shape.size() == 1 ? "," : "");
    int before = MAGIC.length + 2 + Short.BYTES;
    int length = (before + text.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT - before;
    ByteBuffer header = ByteBuffer.allocate(before + length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    header.put(text.getBytes(StandardCharsets.ISO_8859_1));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }

  private static long littleEndian(DataInputStream in, int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) in.readUnsignedByte() << (Byte.SIZE * i);
    }
    return value;
  }

  /**
   * Returns how many numbers there are.
   *
   * @throws ArithmeticException if they are more than can be counted
   */
  long count() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * Returns how long the whole file is, in bytes.
   *
   * @throws ArithmeticException if that is more than can be counted
   */
  long fileLength() {
    return Math.addExact(start, Math.multiplyExact(count(), type.bytes()));
  }
}
