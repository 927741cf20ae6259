package io.penstock.feed;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;

/** Builds a {@link RowStore} row by row. Give up a half-built one with {@link #abandon}. */
final class RowStoreWriter {
  static final int IO_BYTES = 1 << 20;

  private static final int SEGMENT_ROWS = 1024;
  private static final int SEGMENT_BYTES = 64 << 20;

  private final int width;
  private final int rowBytes;
  private final int segmentRows;
  private final long memoryBytes;
  private final Path directory;
  private final List<BytePointer> memory = new ArrayList<>();
  private ByteBuffer segment;
  private FileChannel file;
  private OutputStream out;
  private long rows;

  /**
   * @param width floats of a row
   * @param memoryBytes how many bytes of memory it may take; what goes beyond is written to a file
   * @param directory where that file may lie; it is made when needed
   */
  RowStoreWriter(int width, long memoryBytes, Path directory) {
    this.width = width;
    this.rowBytes = Math.multiplyExact(width, Float.BYTES);
    // Wide rows make short segments, so that the last one wastes little.
    this.segmentRows = Math.max(1, Math.min(SEGMENT_ROWS, SEGMENT_BYTES / rowBytes));
    this.memoryBytes = memoryBytes;
    this.directory = directory;
  }

  /** Adds a row: {@code width} little-endian floats of {@code bytes} from {@code offset} on. */
  void append(byte[] bytes, int offset) {
    int within = (int) (rows % segmentRows);
    if (within == 0 && out == null) {
      addSegment();
    }
    if (out == null) {
      memory.get(memory.size() - 1).asByteBuffer().put(within * rowBytes, bytes, offset, rowBytes);
    } else {
      try {
        out.write(bytes, offset, rowBytes);
      } catch (IOException e) {
        throw cannotWrite(e);
      }
    }
    rows++;
  }

  private void addSegment() {
    long segmentBytes = (long) segmentRows * rowBytes;
    if ((memory.size() + 1) * segmentBytes <= memoryBytes) {
      BytePointer pointer = new BytePointer(segmentBytes);
      memory.add(pointer);
      segment = pointer.asByteBuffer();
      return;
    }
    try {
      Files.createDirectories(directory);
      Path path = Files.createTempFile(directory, "penstock-rows-", ".bin");
      // Where the system can, the name goes at once: nothing is left behind by a killed executor.
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      out = new BufferedOutputStream(Channels.newOutputStream(file), IO_BYTES);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** The store of the rows so far. The writer must not be used after. */
  RowStore finish() {
    try {
      if (out != null) {
        out.flush();
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
    return new RowStore(width, rows, segmentRows, memory, file);
  }

  /** Frees what a store that will not be finished holds. */
  void abandon() {
    new RowStore(width, rows, segmentRows, memory, file).close();
  }

  private UncheckedIOException cannotWrite(IOException cause) {
    return new UncheckedIOException(
        "cannot write the rows that exceed the memory budget of "
            + memoryBytes
            + " bytes to "
            + directory
            + ": give more memory, or point spark.local.dir to a disk with room",
        cause);
  }
}
