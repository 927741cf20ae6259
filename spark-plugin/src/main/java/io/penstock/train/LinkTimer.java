package io.penstock.train;

import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures a link by sending frames there and back, small ones and large ones. In a step frames go
 * one by one, with compute in between, and every one of them wakes all threads on its way; sent in
 * a burst they would share that.
 */
public final class LinkTimer {
  /** A size of frame, and how often it goes there and back before and while it is timed. */
  private enum Size {
    // What runs for the first time is not compiled yet, and takes several times as long.
    SMALL(1, 200, 60),
    LARGE(1 << 18, 10, 30);

    final int floats;
    final int warmUps;
    final int rounds;

    Size(int floats, int warmUps, int rounds) {
      this.floats = floats;
      this.warmUps = warmUps;
      this.rounds = rounds;
    }

    Tag tag(int round, int way) {
      return new Tag('p', ordinal(), round, way);
    }

    long bytes() {
      return (long) floats * Float.BYTES;
    }
  }

  /**
   * Medians of one way, in seconds.
   *
   * @param busy processor time at one end
   */
  private record Way(double seconds, double busy) {}

  /** Bytes of the largest array that is sent. */
  public static final long LARGEST_FRAME = Size.LARGE.bytes();

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private LinkTimer() {}

  /**
   * Measures the path to a peer that runs {@link #echo} at the same time.
   *
   * @throws InterruptedException if cancelled
   */
  public static LinkTime time(Link link, int peer, BooleanSupplier cancelled)
      throws InterruptedException {
    Way small = oneWay(link, peer, Size.SMALL, cancelled);
    Way large = oneWay(link, peer, Size.LARGE, cancelled);
    double more = large.seconds() - small.seconds();
    double bytes = Size.LARGE.bytes() - Size.SMALL.bytes();
    return new LinkTime(
        small.seconds(), more > 0 ? bytes / more : Double.POSITIVE_INFINITY, small.busy());
  }

  /**
   * Sends back what {@link #time} sends.
   *
   * @throws InterruptedException if cancelled
   */
  public static void echo(Link link, int peer, BooleanSupplier cancelled)
      throws InterruptedException {
    for (Size size : Size.values()) {
      for (int round = 0; round < size.warmUps + size.rounds; round++) {
        link.lend(peer, size.tag(round, 1), link.receive(size.tag(round, 0), cancelled));
      }
    }
  }

  private static Way oneWay(Link link, int peer, Size size, BooleanSupplier cancelled)
      throws InterruptedException {
    INDArray frame = Nd4j.ones(DataType.FLOAT, size.floats);
    long[] nanos = new long[size.rounds];
    long[] busy = new long[size.rounds];
    for (int round = 0; round < size.warmUps + size.rounds; round++) {
      OptionalLong before = busyNanos(link);
      long start = System.nanoTime();
      link.send(peer, size.tag(round, 0), frame);
      link.receive(size.tag(round, 1), cancelled).close();
      int index = Math.max(0, round - size.warmUps);
      nanos[index] = System.nanoTime() - start;
      OptionalLong after = busyNanos(link);
      busy[index] =
          before.isPresent() && after.isPresent()
              ? after.getAsLong() - before.getAsLong()
              : nanos[index]; // no frame takes more
    }
    return new Way(half(nanos), half(busy));
  }

  /**
   * What this thread and the link's own have worked so far; empty where the JVM does not count it.
   */
  private static OptionalLong busyNanos(Link link) {
    OptionalLong own = link.threadNanos();
    return own.isPresent() && THREADS.isCurrentThreadCpuTimeSupported()
        ? OptionalLong.of(own.getAsLong() + THREADS.getCurrentThreadCpuTime())
        : OptionalLong.empty();
  }

  /** A round is a frame sent and one received: one way is half of it, at either end. */
  private static double half(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 2e9;
  }
}
