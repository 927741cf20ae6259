package io.penstock.train;

import io.penstock.Internal;
import io.penstock.link.Channel;
import io.penstock.link.FramePlan;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures a link by sending frames there and back, small ones and large ones. Stateless; for the
 * thread that has the link to itself. What a frame takes of processor time is measured with two on
 * their way, as in a step of most schedules: with one, every thread falls asleep after every frame;
 * in a burst frames share their wakings, and one seems to take a third as much.
 */
@Internal
public final class LinkTimer {
  /**
   * A kind of frames, how often they go there and back before they are timed and then, how many at
   * a time.
   */
  private enum Frames {
    // First, and long: until a thousand have gone there and back, the code on the way is not
    // compiled, and a frame takes five times as much.
    FLOW(1, 1200, 300, 2),
    SMALL(1, 20, 60, 1),
    LARGE(1 << 18, 10, 30, 1);

    final int floats;
    final int warmUps;
    final int rounds;
    final int ahead;

    Frames(int floats, int warmUps, int rounds, int ahead) {
      this.floats = floats;
      this.warmUps = warmUps;
      this.rounds = rounds;
      this.ahead = ahead;
    }

    int count() {
      return warmUps + rounds;
    }

    Tag tag(int round, int way) {
      return new Tag(new Channel.Probe(ordinal()), round, way);
    }

    long bytes() {
      return (long) floats * Float.BYTES;
    }
  }

  /**
   * Median times of one way, in seconds; with more frames than one at a time, of a frame's share.
   *
   * @param busy processor time at one end
   */
  private record Way(double seconds, double busy) {}

  /** Frames that the two ranks send each other. */
  public static final FramePlan FRAMES = FramePlan.upTo(Frames.LARGE.bytes());

  private LinkTimer() {}

  /**
   * Measures the path to a peer that runs {@link #echo} at the same time.
   *
   * @throws InterruptedException if cancelled
   */
  public static LinkTime time(Link link, int peer, BooleanSupplier cancelled)
      throws InterruptedException {
    return time(link, peer, cancelled, Clock.SYSTEM);
  }

  static LinkTime time(Link link, int peer, BooleanSupplier cancelled, Clock clock)
      throws InterruptedException {
    Way flow = oneWay(link, peer, Frames.FLOW, cancelled, clock);
    Way small = oneWay(link, peer, Frames.SMALL, cancelled, clock);
    Way large = oneWay(link, peer, Frames.LARGE, cancelled, clock);
    double more = large.seconds() - small.seconds();
    double bytes = Frames.LARGE.bytes() - Frames.SMALL.bytes();
    return new LinkTime(
        small.seconds(), more > 0 ? bytes / more : Double.POSITIVE_INFINITY, flow.busy());
  }

  /**
   * Sends back what {@link #time} sends.
   *
   * @throws InterruptedException if cancelled
   */
  public static void echo(Link link, int peer, BooleanSupplier cancelled)
      throws InterruptedException {
    for (Frames frames : Frames.values()) {
      for (int round = 0; round < frames.count(); round++) {
        link.lend(peer, frames.tag(round, 1), link.receive(frames.tag(round, 0), cancelled));
      }
    }
  }

  private static Way oneWay(
      Link link, int peer, Frames frames, BooleanSupplier cancelled, Clock clock)
      throws InterruptedException {
    INDArray frame = Nd4j.ones(DataType.FLOAT, frames.floats);
    long[] nanos = new long[frames.rounds];
    long[] busy = new long[frames.rounds];
    int sent = 0;
    for (int round = 0; round < frames.count(); round++) {
      OptionalLong before = busyNanos(link, clock);
      long start = clock.now();
      for (; sent < Math.min(round + frames.ahead, frames.count()); sent++) {
        link.send(peer, frames.tag(sent, 0), frame);
      }
      link.receive(frames.tag(round, 1), cancelled).close();
      int index = Math.max(0, round - frames.warmUps);
      nanos[index] = clock.now() - start;
      OptionalLong after = busyNanos(link, clock);
      busy[index] =
          before.isPresent() && after.isPresent()
              ? after.getAsLong() - before.getAsLong()
              : nanos[index]; // no frame takes more
    }
    return new Way(half(nanos), half(busy));
  }

  /**
   * Returns the nanoseconds that this thread and the link's own have worked so far; empty where the
   * JVM does not count it.
   */
  private static OptionalLong busyNanos(Link link, Clock clock) {
    OptionalLong ofLink = link.threadNanos();
    OptionalLong own = clock.workNanos().get();
    return ofLink.isPresent() && own.isPresent()
        ? OptionalLong.of(ofLink.getAsLong() + own.getAsLong())
        : OptionalLong.empty();
  }

  /** Returns half the median of rounds, in seconds: a round is a frame sent and one received. */
  private static double half(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 2e9;
  }
}
