package io.penstock.train;

import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Measures a link by sending frames there and back, small ones and large ones. */
public final class LinkTimer {
  private static final int WARM_UPS = 10;
  private static final int ROUNDS = 30;
  private static final int LARGE_FLOATS = 1 << 18;

  /** Bytes of the largest array that is sent. */
  public static final long LARGEST_FRAME = (long) LARGE_FLOATS * Float.BYTES;

  private LinkTimer() {}

  /**
   * Measures the path to a peer that runs {@link #echo} at the same time.
   *
   * @throws InterruptedException if cancelled
   */
  public static LinkTime time(Link link, int peer, BooleanSupplier cancelled)
      throws InterruptedException {
    double small = there(link, peer, 0, Nd4j.ones(1), cancelled);
    double large = there(link, peer, 1, Nd4j.ones(LARGE_FLOATS), cancelled);
    double more = large - small;
    double bytes = (double) (LARGE_FLOATS - 1) * Float.BYTES;
    return new LinkTime(small, more > 0 ? bytes / more : Double.POSITIVE_INFINITY);
  }

  /**
   * Sends back what {@link #time} sends.
   *
   * @throws InterruptedException if cancelled
   */
  public static void echo(Link link, int peer, BooleanSupplier cancelled)
      throws InterruptedException {
    for (int size = 0; size < 2; size++) {
      for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
        link.lend(peer, new Tag('p', size, round, 1), link.receive(ping(size, round), cancelled));
      }
    }
  }

  /** Median seconds of one way. */
  private static double there(
      Link link, int peer, int size, INDArray frame, BooleanSupplier cancelled)
      throws InterruptedException {
    long[] nanos = new long[ROUNDS];
    for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
      long start = System.nanoTime();
      link.send(peer, ping(size, round), frame);
      link.receive(new Tag('p', size, round, 1), cancelled).close();
      nanos[Math.max(0, round - WARM_UPS)] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS / 2] / 2e9;
  }

  private static Tag ping(int size, int round) {
    return new Tag('p', size, round, 0);
  }
}
