package io.penstock.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a file in NumPy's format. It is looked at before ND4J is given the bytes: its native
 * reader trusts the head and reads past the end of a file that was cut short.
 */
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern TYPE = Pattern.compile("'descr': *'[<|]f([248])'");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");

  private NpyHeader() {}

  /**
   * Checks that the bytes are a whole array of little-endian floating-point numbers.
   *
   * @param name of the file, for the message
   * @throws IOException that names the file if they are not
   */
  static void check(String name, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 12 || !buffer.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw new IOException(
          name
              + " is not a file in NumPy's format: it does not begin as one. Was it copied whole?");
    }
    boolean short16 = bytes[MAGIC.length] == 1;
    int start = short16 ? 10 : 12;
    long length = short16 ? Short.toUnsignedInt(buffer.getShort(8)) : buffer.getInt(8);
    long end = start + length;
    if (length < 0 || end > bytes.length) {
      throw cutShort(name, bytes.length);
    }
    String header = new String(bytes, start, (int) length, StandardCharsets.ISO_8859_1);
    Matcher type = TYPE.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!type.find() || !shape.find()) {
      throw new IOException(
          name + " does not hold floating-point numbers: its NumPy header is " + header.strip());
    }
    long size = Long.parseLong(type.group(1));
    for (String dim : shape.group(1).split("[, ]+")) {
      size = dim.isEmpty() ? size : Math.multiplyExact(size, Long.parseLong(dim));
    }
    if (end + size != bytes.length) {
      throw cutShort(name, bytes.length);
    }
  }

  private static IOException cutShort(String name, int length) {
    return new IOException(
        name
            + " has "
            + length
            + " bytes, not as many as its NumPy header says. Was it copied whole?");
  }
}
