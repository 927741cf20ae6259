package io.penstock.link;

import io.netty.channel.Channel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads that serve a link's connections, and how long they have worked. Thread-safe. */
final class LinkThreads {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Set<Long> ids = ConcurrentHashMap.newKeySet();

  /** Counts the thread that serves a connection from its next turn on. */
  void serve(Channel connection) {
    connection.eventLoop().execute(() -> ids.add(Thread.currentThread().getId()));
  }

  /**
   * Returns their processor time so far, in nanoseconds; empty where the JVM does not count it, or
   * once one has ended.
   */
  OptionalLong nanos() {
    if (!THREADS.isThreadCpuTimeSupported() || !THREADS.isThreadCpuTimeEnabled()) {
      return OptionalLong.empty();
    }
    long all = 0;
    for (long id : ids) {
      long nanos = THREADS.getThreadCpuTime(id);
      if (nanos < 0) {
        return OptionalLong.empty();
      }
      all += nanos;
    }
    return OptionalLong.of(all);
  }
}
