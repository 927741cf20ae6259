package io.penstock.train;

/** Nanoseconds since 1970 with the resolution of {@link System#nanoTime()}. Thread-safe. */
final class WallClock {
  private final long origin = System.currentTimeMillis() * 1_000_000L - System.nanoTime();

  long nanos() {
    return origin + System.nanoTime();
  }
}
