package io.penstock.array;

import io.penstock.Internal;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers of an array that the host writes in full, wherever the array lies: those of a device are
 * written in the host's memory, and copied when this is closed. For one thread.
 *
 * @param array that gets them
 * @param host where they are written, {@code array} itself where it lies in the host's memory
 * @param numbers the access to them
 */
@Internal
public record HostNumbers(INDArray array, INDArray host, Numbers numbers) implements AutoCloseable {
  /**
   * Opens an array to be written in full.
   *
   * @throws IllegalArgumentException if its numbers do not lie densely in 'c' order
   */
  public static HostNumbers into(INDArray array) {
    INDArray host =
        NativeArrays.isOnDevice(array)
            ? NativeArrays.array(array.dataType(), 'c', array.shape())
            : array;
    return new HostNumbers(array, host, Numbers.into(host));
  }

  /** Copies what was written to a device, where that is where the array lies. */
  @Override
  public void close() {
    if (host != array) {
      NativeArrays.copy(host, array);
      NativeArrays.release(host);
    }
  }
}
