package io.penstock.feed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;

/**
 * Rows of equal width in canonical order: the first ones in memory off the heap, the rest in one
 * temporary file. Written once by {@link RowStoreWriter}; reads may come from several threads.
 */
public final class RowStore implements AutoCloseable {
  private final int width;
  private final long rows;
  private final int segmentRows;
  private final List<BytePointer> memory;
  private final List<FloatBuffer> floats;
  private final FileChannel file;
  private volatile boolean closed;

  /**
   * @param memory full segments of {@code segmentRows} rows, but for the last where there is no
   *     file
   * @param file the rows after those, or null
   */
  RowStore(int width, long rows, int segmentRows, List<BytePointer> memory, FileChannel file) {
    this.width = width;
    this.rows = rows;
    this.segmentRows = segmentRows;
    this.memory = List.copyOf(memory);
    this.floats = memory.stream().map(RowStore::floats).toList();
    this.file = file;
  }

  /** How many rows there are. */
  public long rows() {
    return rows;
  }

  /** Floats of a row. */
  public int width() {
    return width;
  }

  /** Whether some rows are in the file. */
  public boolean spilled() {
    return file != null;
  }

  /**
   * Reads adjoining rows.
   *
   * @param row the first one, from 0
   * @param count how many
   * @param into receives {@code count × width} floats from its position on, which moves behind them
   * @throws IndexOutOfBoundsException for rows that are not there
   * @throws java.nio.BufferOverflowException where {@code into} has no room for them
   * @throws IllegalStateException after {@link #close}
   * @throws UncheckedIOException if the file cannot be read
   */
  public void read(long row, int count, FloatBuffer into) {
    if (closed) {
      throw new IllegalStateException("the store of rows is closed");
    }
    Objects.checkFromIndexSize(row, (long) count, rows);
    if (into.remaining() < Math.multiplyExact(count, width)) {
      throw new BufferOverflowException();
    }
    long inMemory = (long) memory.size() * segmentRows;
    int done = 0;
    while (done < count && row + done < inMemory) {
      long at = row + done;
      int within = (int) (at % segmentRows);
      int some = Math.min(count - done, segmentRows - within);
      FloatBuffer segment = floats.get((int) (at / segmentRows));
      into.put(into.position(), segment, within * width, some * width);
      into.position(into.position() + some * width);
      done += some;
    }
    if (done < count) {
      readFile(row + done - inMemory, count - done, into);
    }
  }

  private static FloatBuffer floats(BytePointer segment) {
    return segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private void readFile(long row, int count, FloatBuffer into) {
    int rowBytes = width * Float.BYTES;
    int atOnce = Math.max(1, Math.min(count, RowStoreWriter.IO_BYTES / rowBytes));
    ByteBuffer bytes = ByteBuffer.allocate(atOnce * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (int done = 0; done < count; done += atOnce) {
        int some = Math.min(atOnce, count - done);
        bytes.clear().limit(some * rowBytes);
        long position = (row + done) * rowBytes;
        while (bytes.hasRemaining()) {
          if (file.read(bytes, position + bytes.position()) < 0) {
            throw new IOException("the file ends before row " + (row + done + some));
          }
        }
        into.put(bytes.flip().asFloatBuffer());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read spilled rows back; was a directory of spark.local.dir cleaned or unmounted?",
          e);
    }
  }

  /** Frees the memory and the file; closing again does nothing. No read may be under way. */
  @Override
  public void close() {
    closed = true;
    memory.forEach(BytePointer::close);
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the file of spilled rows", e);
    }
  }
}
