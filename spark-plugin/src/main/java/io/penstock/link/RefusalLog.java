package io.penstock.link;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log of connections that were refused. Names the address and the reason of one, and then for a
 * while only counts them, so that nobody fills a disk by knocking. Thread-safe.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final long PAUSE_NANOS = 10_000_000_000L;

  private final LongSupplier nanos;
  private final Consumer<String> lines;
  private boolean begun;
  private long last;
  private long untold;

  /** A log among those of the process. */
  RefusalLog() {
    this(System::nanoTime, LOG::warn);
  }

  RefusalLog(LongSupplier nanos, Consumer<String> lines) {
    this.nanos = nanos;
    this.lines = lines;
  }

  /**
   * Notes a refusal.
   *
   * @param why words that follow whom it was
   */
  void add(String address, String why) {
    String line;
    synchronized (this) {
      long now = nanos.getAsLong();
      if (begun && now - last < PAUSE_NANOS) {
        untold++;
        return;
      }
      line = "Refused a connection from " + address + ", which " + why + ".";
      if (untold > 0) {
        line += " So were " + untold + " more since the last such line.";
      }
      begun = true;
      last = now;
      untold = 0;
    }
    lines.accept(line);
  }
}
