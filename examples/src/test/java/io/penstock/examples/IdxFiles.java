package io.penstock.examples;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Small IDX files in memory, written from the format's description, for the tests of readers. */
final class IdxFiles {
  private IdxFiles() {}

  /** Image {@code i}: pixels that count up from 7 i and wrap at 256. */
  static byte[] image(int i) {
    byte[] pixels = new byte[784];
    for (int p = 0; p < pixels.length; p++) {
      pixels[p] = (byte) (7 * i + p);
    }
    return pixels;
  }

  static int label(int i) {
    return 9 - i % 10;
  }

  static byte[] images(int count) {
    ByteBuffer file = ByteBuffer.allocate(16 + 784 * count);
    file.putInt(0x0803).putInt(count).putInt(28).putInt(28);
    for (int i = 0; i < count; i++) {
      file.put(image(i));
    }
    return zipped(file.array());
  }

  static byte[] labels(int count) {
    ByteBuffer file = ByteBuffer.allocate(8 + count);
    file.putInt(0x0801).putInt(count);
    for (int i = 0; i < count; i++) {
      file.put((byte) label(i));
    }
    return zipped(file.array());
  }

  static byte[] zipped(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  static byte[] unzipped(byte[] zipped) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes();
  }
}
