package io.penstock.array;

import java.util.Optional;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an array's numbers are at one time, to find out whether somebody wrote to it since. It is
 * taken where {@link Poison} is on, for it costs a copy and a pass over memory.
 */
public final class Imprint {
  private final INDArray array;
  private final long sum;

  private Imprint(INDArray array) {
    this.array = array;
    this.sum = sum(array);
  }

  /** That of an array as it is now; empty where the mode is off, or arrays lie on a GPU. */
  public static Optional<Imprint> of(INDArray array) {
    return Poison.isOn() ? Optional.of(new Imprint(array)) : Optional.empty();
  }

  /** Whether the array holds the same numbers still, bit for bit. */
  public boolean isTrue() {
    return sum(array) == sum;
  }

  private static long sum(INDArray array) {
    INDArray dense = array.dup('c');
    CRC32 sum = new CRC32();
    long bytes = dense.length() * dense.dataType().width();
    sum.update(new BytePointer(dense.data().pointer()).limit(bytes).asByteBuffer());
    dense.close();
    return sum.getValue();
  }
}
