package io.penstock.examples;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Reads images and their labels from a pair of gzipped IDX files, the format of MNIST and
 * Fashion-MNIST (<a href="http://yann.lecun.com/exdb/mnist/">described there</a>): a header of
 * big-endian ints, then unsigned bytes.
 *
 * <p>A one-way stream of rows ({@code image}: {@value #PIXELS} bytes, {@code label}: int), one
 * image in memory at a time. Closes itself after the last row. Not thread-safe.
 */
final class IdxImages implements Iterator<Row>, Closeable {
  /** Pixels of an image: 28 × 28, row by row, 0 (background) to 255. */
  static final int PIXELS = 28 * 28;

  private static final int IMAGES = 0x00000803; // unsigned bytes, three dimensions
  private static final int LABELS = 0x00000801; // unsigned bytes, one dimension

  private final DataInputStream images;
  private final DataInputStream labels;
  private int left;

  /**
   * Reads the two headers.
   *
   * @throws IOException where a stream is no gzipped IDX file, or the two do not belong together
   */
  IdxImages(InputStream gzippedImages, InputStream gzippedLabels) throws IOException {
    images = unzip(gzippedImages);
    labels = unzip(gzippedLabels);
    expect("kind of the image file", IMAGES, images.readInt());
    expect("kind of the label file", LABELS, labels.readInt());
    left = images.readInt();
    expect("number of labels", left, labels.readInt());
    expect("pixels of an image", PIXELS, images.readInt() * images.readInt());
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public Row next() {
    if (left == 0) {
      throw new NoSuchElementException("after the last image");
    }
    try {
      byte[] image = new byte[PIXELS];
      images.readFully(image);
      Row row = RowFactory.create(image, labels.readUnsignedByte());
      if (--left == 0) {
        close();
      }
      return row;
    } catch (EOFException cut) {
      throw new UncheckedIOException(
          "An IDX file ends before its last image, " + left + " to go: fetch it again", cut);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try (images;
        labels) {
      left = 0;
    }
  }

  private static DataInputStream unzip(InputStream gzipped) throws IOException {
    return new DataInputStream(new BufferedInputStream(new GZIPInputStream(gzipped), 1 << 16));
  }

  private static void expect(String what, int expected, int found) throws IOException {
    if (found != expected) {
      throw new IOException(
          "No pair of Fashion-MNIST files: "
              + what
              + " should be "
              + expected
              + " but is "
              + found);
    }
  }
}
