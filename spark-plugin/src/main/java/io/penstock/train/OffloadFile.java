package io.penstock.train;

import io.penstock.Bytes;
import io.penstock.array.ArrayBytes;
import io.penstock.array.NativeArrays;
import io.penstock.feed.ScratchFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Temporary file of arrays, whose places are used again. It is made when something is written, and
 * has no name from then on where the system can do that, so that nothing is left behind by an
 * executor that is killed. For one thread.
 */
final class OffloadFile implements AutoCloseable {
  /**
   * Place of an array in the file.
   *
   * @param at its first byte
   * @param shape of the array, which lies in 'c' order
   */
  record Place(long at, long[] shape) {
    long numbers() {
      long numbers = 1;
      for (long size : shape) {
        numbers *= size;
      }
      return numbers;
    }
  }

  private final Path directory;

  /** Places that are free again, by numbers. */
  private final Map<Long, Deque<Long>> free = new HashMap<>();

  private FileChannel file;
  private byte[] chunk;
  private long end;

  /**
   * A file that is not there yet.
   *
   * @param directory where it may lie; made when needed
   */
  OffloadFile(Path directory) {
    this.directory = directory;
  }

  /** Writes an array of floats that lies densely in 'c' order. */
  Place write(INDArray array) {
    long numbers = array.length();
    Long again = free.computeIfAbsent(numbers, any -> new ArrayDeque<>()).poll();
    Place place = new Place(again == null ? end : again, array.shape());
    try {
      open();
      ArrayBytes bytes = new ArrayBytes(array);
      for (long at = 0; at < numbers; at += ArrayBytes.CHUNK) {
        int count = (int) Math.min(ArrayBytes.CHUNK, numbers - at);
        ByteBuffer from = bytes.read(at, count);
        long position = place.at + at * Float.BYTES;
        while (from.hasRemaining()) {
          position += file.write(from, position);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          String.format(
              Locale.ROOT,
              "cannot write activations of %s to %s: point spark.local.dir to a disk with"
                  + " room, or set offload to false",
              new Bytes(NativeArrays.bytes(array)),
              directory),
          e);
    }
    end = again == null ? end + numbers * Float.BYTES : end;
    return place;
  }

  /** Reads an array back, whose place is free after that. */
  void read(Place place, INDArray into) {
    long numbers = place.numbers();
    try {
      ArrayBytes bytes = new ArrayBytes(into);
      for (long at = 0; at < numbers; at += ArrayBytes.CHUNK) {
        int count = (int) Math.min(ArrayBytes.CHUNK, numbers - at);
        ByteBuffer to = ByteBuffer.wrap(chunk, 0, count * Float.BYTES);
        while (to.hasRemaining()) {
          if (file.read(to, place.at + at * Float.BYTES + to.position()) < 0) {
            throw new EOFException("the file ends after " + file.size() + " bytes, too early");
          }
        }
        bytes.write(at, count, chunk);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read offloaded activations back from "
              + directory
              + "; was a directory of spark.local.dir cleaned or unmounted? offload false does"
              + " without",
          e);
    }
    free.computeIfAbsent(numbers, any -> new ArrayDeque<>()).add(place.at);
  }

  private void open() throws IOException {
    if (file == null) {
      file = ScratchFile.open(directory, "penstock-activations-");
      chunk = new byte[ArrayBytes.CHUNK * Float.BYTES];
    }
  }

  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the file of offloaded activations", e);
    }
  }
}
