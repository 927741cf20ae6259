package io.penstock.checkpoint;

import io.penstock.array.ArrayBytes;
import io.penstock.array.NativeArrays;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * File in NumPy's format whose header was read and fits the file's length. Nothing of the numbers
 * has been read. Immutable.
 *
 * @param files the file system that it lies on
 */
record NpyFile(FileSystem files, Path path, NpyHeader header) {
  /**
   * Reads a file's header and compares it with the file's length, and with what is looked for.
   *
   * @param layer of the network, for the message
   * @param shape that the array must have
   * @throws IOException that names the file if it is missing, is none of NumPy's, not whole or of
   *     another shape
   */
  static NpyFile open(FileSystem files, Path path, int layer, List<Long> shape) throws IOException {
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
    if (!header.shape().equals(shape)) {
      throw new IOException(
          path
              + " has shape "
              + header.shape()
              + ", but layer "
              + layer
              + " of the network needs "
              + shape
              + ". Is it another network's file?");
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
   * Writes an array of floats as a file; an array that lies densely in one of NumPy's two memory
   * orders is written as it lies, without a copy.
   *
   * @param out receives the file, and is not closed
   * @param name of the file for its {@link FileSum}
   * @return the file's sum
   * @throws IOException if it cannot be written; then a part of it may be there
   */
  static FileSum write(OutputStream out, String name, INDArray array) throws IOException {
    INDArray dense = NativeArrays.isDense(array, 'f') ? array : NativeArrays.ordered(array, 'c');
    boolean byColumns = !NativeArrays.isDense(dense, 'c');
    List<Long> shape = Arrays.stream(array.shape()).boxed().toList();
    byte[] header = NpyHeader.ofFloats(byColumns, shape).encoded();
    CRC32C sum = new CRC32C();
    WritableByteChannel channel = Channels.newChannel(out);
    send(ByteBuffer.wrap(header), sum, channel);
    ArrayBytes numbers = new ArrayBytes(dense);
    int count;
    for (long done = 0; done < dense.length(); done += count) {
      count = (int) Math.min(ArrayBytes.CHUNK, dense.length() - done);
      send(numbers.read(done, count), sum, channel);
    }
    Reference.reachabilityFence(dense);
    long length = header.length + dense.length() * Float.BYTES;
    return new FileSum(name, length, sum.getValue());
  }

  private static void send(ByteBuffer bytes, CRC32C sum, WritableByteChannel channel)
      throws IOException {
    sum.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Reads the numbers.
   *
   * @param target of floats and of the same shape; what it holds is replaced
   * @return the sum of the whole file, header and numbers
   * @throws IOException that names the file if it cannot be read
   */
  FileSum into(INDArray target) throws IOException {
    char order = header.byColumns() ? 'f' : 'c';
    boolean straight = NativeArrays.isDense(target, order) && target.dataType() == DataType.FLOAT;
    INDArray numbers =
        straight ? target : NativeArrays.array(DataType.FLOAT, order, target.shape());
    CRC32C sum = new CRC32C();
    try (FSDataInputStream in = files.open(path)) {
      byte[] head = new byte[Math.toIntExact(header.start())];
      in.readFully(head);
      sum.update(head);
      read(in, sum, new ArrayBytes(numbers));
    } catch (EOFException cause) {
      throw new IOException(path + " became shorter while it was read; read it again.", cause);
    }
    if (!straight) {
      target.assign(numbers);
      NativeArrays.release(numbers);
    }
    return new FileSum(path.getName(), header.fileLength(), sum.getValue());
  }

  private void read(FSDataInputStream in, CRC32C sum, ArrayBytes numbers) throws IOException {
    boolean asWritten = header.type() == NpyType.floats();
    byte[] chunk = new byte[ArrayBytes.CHUNK * header.type().bytes()];
    int count;
    for (long done = 0; done < header.count(); done += count) {
      count = (int) Math.min(ArrayBytes.CHUNK, header.count() - done);
      int length = count * header.type().bytes();
      in.readFully(chunk, 0, length);
      sum.update(chunk, 0, length);
      numbers.write(done, count, asWritten ? chunk : converted(chunk, length));
    }
  }

  private byte[] converted(byte[] chunk, int length) {
    float[] numbers = header.type().singles(Arrays.copyOf(chunk, length));
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(numbers);
    return bytes.array();
  }
}
