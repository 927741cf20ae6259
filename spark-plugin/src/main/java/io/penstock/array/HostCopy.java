package io.penstock.array;

import io.penstock.Internal;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers of an array that the host reads, wherever the array lies: those of a device are copied to
 * the host's memory, which is freed when this is closed. For one thread.
 *
 * @param array that is read
 * @param host where its numbers are read, {@code array} itself where it lies in the host's memory
 */
@Internal
public record HostCopy(INDArray array, INDArray host) implements AutoCloseable {
  /** Opens an array to be read. */
  public static HostCopy of(INDArray array) {
    return new HostCopy(array, NativeArrays.onHost(array));
  }

  /** Frees the copy, if there is one. */
  @Override
  public void close() {
    if (host != array) {
      NativeArrays.release(host);
    }
  }
}
