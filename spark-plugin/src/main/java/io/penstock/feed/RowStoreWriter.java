package io.penstock.feed;

import io.penstock.Bytes;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;

/**
 * Writer of a {@link RowStore}, row by row. Give up a half-built one with {@link #abandon}. For one
 * thread.
 */
final class RowStoreWriter {
  static final int IO_BYTES = 1 << 20;

  private static final int SEGMENT_ROWS = 1024;
  private static final int SEGMENT_BYTES = 64 << 20;

  private final RowWidth width;
  private final int segmentRows;
  private final long memoryBytes;
  private final Path directory;
  private final List<BytePointer> memory = new ArrayList<>();
  private long memoryTaken;

  /** The last segment of {@link #memory}, while rows of one width fill it. */
  private ByteBuffer segment;

  /** The segment that rows of different widths fill; what it takes is known at its end. */
  private final ByteArrayOutputStream filling = new ByteArrayOutputStream();

  /**
   * Offsets within a segment, by segment and in floats, at which its rows of different widths end.
   */
  private final List<int[]> ends = new ArrayList<>();

  private FileChannel file;
  private OutputStream out;
  private long rows;

  /**
   * A writer of no rows yet.
   *
   * @param width floats of a row
   * @param memoryBytes how many bytes of memory it may take; what goes beyond is written to a file
   * @param directory where that file may lie; it is made when needed
   */
  RowStoreWriter(RowWidth width, long memoryBytes, Path directory) {
    this.width = width;
    // Wide rows make short segments, so that the last one wastes little.
    this.segmentRows = Math.max(1, Math.min(SEGMENT_ROWS, SEGMENT_BYTES / width.mostBytes()));
    this.memoryBytes = memoryBytes;
    this.directory = directory;
  }

  RowWidth width() {
    return width;
  }

  /**
   * Adds a row.
   *
   * @param bytes hold its little-endian floats, from {@code offset} on
   * @param floats how many; they must fit the width
   */
  void append(byte[] bytes, int offset, int floats) {
    int within = (int) (rows % segmentRows);
    if (width.varies()) {
      appendVarying(within, bytes, offset, floats);
    } else {
      appendFixed(within, bytes, offset);
    }
    rows++;
  }

  private void appendFixed(int within, byte[] bytes, int offset) {
    int rowBytes = width.mostBytes();
    if (within == 0 && out == null) {
      int segmentBytes = Math.multiplyExact(segmentRows, rowBytes);
      if (fits(segmentBytes)) {
        segment = allocate(segmentBytes);
      } else {
        openFile();
      }
    }
    if (out == null) {
      segment.put(within * rowBytes, bytes, offset, rowBytes);
    } else {
      write(bytes, offset, rowBytes);
    }
  }

  private void appendVarying(int within, byte[] bytes, int offset, int floats) {
    if (within == 0) {
      closeSegment();
      ends.add(new int[segmentRows]);
    }
    filling.write(bytes, offset, floats * Float.BYTES);
    ends.get(ends.size() - 1)[within] = filling.size() / Float.BYTES;
  }

  /** Moves what fills the segment to where it stays. */
  private void closeSegment() {
    if (filling.size() == 0) {
      return;
    }
    byte[] full = filling.toByteArray();
    filling.reset();
    if (out == null && fits(full.length)) {
      allocate(full.length).put(0, full);
      return;
    }
    if (out == null) {
      openFile();
    }
    write(full, 0, full.length);
  }

  private boolean fits(int bytes) {
    return memoryTaken + bytes <= memoryBytes;
  }

  private ByteBuffer allocate(int bytes) {
    BytePointer pointer = new BytePointer(bytes);
    memory.add(pointer);
    memoryTaken += bytes;
    return pointer.asByteBuffer();
  }

  private void write(byte[] bytes, int offset, int count) {
    try {
      out.write(bytes, offset, count);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private void openFile() {
    try {
      file = ScratchFile.open(directory, "penstock-rows-");
      out = new BufferedOutputStream(Channels.newOutputStream(file), IO_BYTES);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Returns the store of the rows so far. The writer must not be used after. */
  RowStore finish() {
    closeSegment();
    try {
      if (out != null) {
        out.flush();
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    return new RowStore(places(), memory, file);
  }

  private RowOffsets places() {
    if (!width.varies()) {
      return new RowOffsets(width.most(), rows, segmentRows);
    }
    int inLast = (int) (rows % segmentRows);
    if (inLast > 0) {
      ends.set(ends.size() - 1, Arrays.copyOf(ends.get(ends.size() - 1), inLast));
    }
    return new RowOffsets(width.most(), segmentRows, ends);
  }

  /** Frees what a store that will not be finished holds. */
  void abandon() {
    new RowStore(places(), memory, file).close();
  }

  private UncheckedIOException cannotWrite(IOException cause) {
    return new UncheckedIOException(
        "cannot write the rows that exceed the memory budget of "
            + new Bytes(memoryBytes)
            + " to "
            + directory
            + ": give more memory, or point spark.local.dir to a disk with room",
        cause);
  }
}
