package io.penstock.feed;

import io.penstock.Internal;
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
 * Store of one rank's rows in canonical order: the first ones in memory off the heap, the rest in
 * one temporary file. Rows that differ in width take no more room than their numbers. Written once
 * by {@link RowStoreWriter}; reads may come from several threads.
 */
@Internal
public final class RowStore implements AutoCloseable {
  private final RowOffsets places;
  private final List<BytePointer> memory;
  private final List<FloatBuffer> floats;
  private final FileChannel file;
  private volatile boolean closed;

  /**
   * A store of written rows.
   *
   * @param memory the first segments, full but for the last where there is no file
   * @param file the rows after those, or null
   */
  RowStore(RowOffsets places, List<BytePointer> memory, FileChannel file) {
    this.places = places;
    this.memory = List.copyOf(memory);
    this.floats = memory.stream().map(RowStore::floats).toList();
    this.file = file;
  }

  /** Returns how many rows there are. */
  public long rows() {
    return places.rows();
  }

  /** Returns the floats of a row; where rows differ, the most that one may have. */
  public int width() {
    return places.width().most();
  }

  /** Returns whether rows differ in width. */
  public boolean varies() {
    return places.width().varies();
  }

  /** Returns the floats of a certain row, from 0. */
  public int width(long row) {
    Objects.checkIndex(row, rows());
    return places.width(row);
  }

  /** Returns the floats of all rows together. */
  public long size() {
    return places.start(rows());
  }

  /** Returns the bytes of memory that it takes. */
  long memoryBytes() {
    return memory.stream().mapToLong(BytePointer::capacity).sum();
  }

  /** Returns the bytes of the file that holds what found no room in memory; 0 without one. */
  long fileBytes() {
    return spilled() ? size() * Float.BYTES - memoryBytes() : 0;
  }

  /** Returns whether some rows are in the file. */
  public boolean spilled() {
    return file != null;
  }

  /**
   * Reads adjoining rows.
   *
   * @param row the first one, from 0
   * @param count how many
   * @param into receives the floats of these rows, one row after the other, from its position on,
   *     which moves behind them
   * @throws IndexOutOfBoundsException for rows that are not there
   * @throws java.nio.BufferOverflowException where {@code into} has no room for them
   * @throws IllegalStateException after {@link #close}
   * @throws UncheckedIOException if the file cannot be read
   */
  public void read(long row, int count, FloatBuffer into) {
    if (closed) {
      throw new IllegalStateException("the store of rows is closed");
    }
    Objects.checkFromIndexSize(row, (long) count, rows());
    long end = row + count;
    if (into.remaining() < places.start(end) - places.start(row)) {
      throw new BufferOverflowException();
    }
    int segmentRows = places.segmentRows();
    long inMemory = Math.min(end, (long) memory.size() * segmentRows);
    long at = row;
    while (at < inMemory) {
      long segment = at / segmentRows;
      long next = Math.min(inMemory, (segment + 1) * segmentRows);
      int from = (int) (places.start(at) - places.start(segment * segmentRows));
      int some = (int) (places.start(next) - places.start(at));
      into.put(into.position(), floats.get((int) segment), from, some);
      into.position(into.position() + some);
      at = next;
    }
    if (at < end) {
      long first = places.start((long) memory.size() * segmentRows);
      readFile(places.start(at) - first, (int) (places.start(end) - places.start(at)), into);
    }
  }

  private static FloatBuffer floats(BytePointer segment) {
    return segment.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private void readFile(long from, int count, FloatBuffer into) {
    int atOnce = Math.min(count, RowStoreWriter.IO_BYTES / Float.BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(atOnce * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (int done = 0; done < count; done += atOnce) {
        bytes.clear().limit(Math.min(atOnce, count - done) * Float.BYTES);
        long position = (from + done) * Float.BYTES;
        while (bytes.hasRemaining()) {
          if (file.read(bytes, position + bytes.position()) < 0) {
            throw new IOException("the file ends after " + file.size() + " bytes, too early");
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
