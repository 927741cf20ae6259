package io.penstock.train;

import java.time.Instant;

/**
 * Clock of nanoseconds since 1970 with the resolution of {@link System#nanoTime()}. Thread-safe.
 */
final class WallClock {
  /**
   * Origin, one for the process: ranks that are threads of it are then laid side by side exactly.
   */
  private static final long ORIGIN = now() - System.nanoTime();

  long nanos() {
    return ORIGIN + System.nanoTime();
  }

  /**
   * Returns now in nanoseconds: between processes the clock's microseconds decide; milliseconds
   * would be whole actions.
   */
  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
