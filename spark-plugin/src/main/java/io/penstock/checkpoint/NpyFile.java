package io.penstock.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * File in NumPy's format whose header was read and fits the file's length. Nothing of the numbers
 * has been read. Immutable.
 *
 * @param files the file system that it lies on
 */
record NpyFile(FileSystem files, Path path, NpyHeader header) {
  /** Numbers that are read at a time. */
  private static final int CHUNK = 1 << 18;

  /**
   * Reads a file's header and compares it with the file's length.
   *
   * @throws IOException that names the file if it is missing, is none of NumPy's or not whole
   */
  static NpyFile open(FileSystem files, Path path) throws IOException {
    if (!files.exists(path)) {
      throw new IOException(
          "A layer's file is missing: " + path + ". Was the directory copied whole?");
    }
    long length = files.getFileStatus(path).getLen();
    NpyHeader header;
    try (FSDataInputStream in = files.open(path)) {
      header = NpyHeader.read(path.toString(), in);
    }
    if (!isOf(header, length)) {
      throw new IOException(
          path
              + " has "
              + length
              + " bytes, not as many as its NumPy header says: "
              + header.start()
              + " and "
              + header.type().bytes()
              + " for each number of an array of shape "
              + header.shape()
              + ". Was it copied whole?");
    }
    return new NpyFile(files, path, header);
  }

  private static boolean isOf(NpyHeader header, long length) {
    try {
      return header.fileLength() == length;
    } catch (ArithmeticException uncountable) {
      return false;
    }
  }

  /**
   * Reads the numbers.
   *
   * @param target of the same shape; what it holds is replaced
   * @throws IOException that names the file if it cannot be read
   */
  void into(INDArray target) throws IOException {
    long count = header.count();
    INDArray numbers = Nd4j.createUninitialized(DataType.FLOAT, new long[] {count}, 'c');
    try (FSDataInputStream in = files.open(path)) {
      in.seek(header.start());
      for (long done = 0; done < count; ) {
        byte[] bytes = new byte[(int) Math.min(CHUNK, count - done) * header.type().bytes()];
        in.readFully(bytes);
        float[] read = header.type().singles(bytes);
        numbers
            .get(NDArrayIndex.interval(done, done + read.length))
            .assign(Nd4j.createFromArray(read));
        done += read.length;
      }
    } catch (EOFException cause) {
      throw new IOException(path + " became shorter while it was read; read it again.", cause);
    }
    long[] shape = header.shape().stream().mapToLong(Long::longValue).toArray();
    target.assign(numbers.reshape(header.byColumns() ? 'f' : 'c', shape));
    if (numbers.closeable()) {
      numbers.close();
    }
  }
}
