package io.penstock.ml;

import io.penstock.launch.cluster.IdleMemory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Copies of networks that a process scores with, at most one of each network. Who scores borrows
 * the copy, which nobody frees meanwhile; one that nobody has borrowed is idle, and is freed after
 * a while, or sooner where another network is loaded and all that are idle would take more than
 * their share of the memory, or ranks begin that need an executor's. Thread-safe.
 */
final class NetworkCopies {
  /** Those of this process: a network's copy is to be one a process, whoever scores with it. */
  static final NetworkCopies HERE = ofThisProcess();

  private final LongSupplier nanos;
  private final Map<String, Entry> entries = new HashMap<>();
  private final ScheduledThreadPoolExecutor sweeper;

  /** Next look at what is idle; null while nothing is there. */
  private ScheduledFuture<?> sweeping;

  /** Copy of one network. What is not final is guarded by the lock of all copies. */
  private static final class Entry {
    private final String key;
    private final long bytes;
    private final long idleNanos;
    private int readers;
    private long idleSince;

    /** Guarded by this entry's own lock, under which it is loaded; null before. */
    private NetworkCopy copy;

    Entry(String key, long bytes, long idleNanos) {
      this.key = key;
      this.bytes = bytes;
      this.idleNanos = idleNanos;
    }

    synchronized NetworkCopy loaded(Supplier<NetworkCopy> load) {
      if (copy == null) {
        copy = load.get();
      }
      return copy;
    }

    synchronized void free() {
      if (copy != null) {
        copy.close();
        copy = null;
      }
    }
  }

  /** Right to score with a network's copy until it is closed, once, on any thread. */
  final class Borrowed implements AutoCloseable {
    private final Entry entry;
    private final NetworkCopy copy;
    private boolean closed;

    private Borrowed(Entry entry, NetworkCopy copy) {
      this.entry = entry;
      this.copy = copy;
    }

    /** Returns the copy, to be used until this is closed. */
    NetworkCopy copy() {
      return copy;
    }

    @Override
    public void close() {
      synchronized (NetworkCopies.this) {
        if (!closed) {
          closed = true;
          giveBack(entry);
        }
      }
    }
  }

  /** Copies that count their idle time by a clock. */
  NetworkCopies(LongSupplier nanos) {
    this.nanos = nanos;
    this.sweeper =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "penstock-idle-networks");
              thread.setDaemon(true);
              return thread;
            });
    // The thread ends when there is no network to look after.
    sweeper.setKeepAliveTime(1, TimeUnit.SECONDS);
    sweeper.allowCoreThreadTimeOut(true);
    sweeper.setRemoveOnCancelPolicy(true);
  }

  private static NetworkCopies ofThisProcess() {
    NetworkCopies copies = new NetworkCopies(System::nanoTime);
    IdleMemory.HERE.add(copies::freeIdle);
    return copies;
  }

  /**
   * Borrows a network's copy. Who comes first loads it, and the others wait for that.
   *
   * @param key of the network with these weights, and of no other
   * @param bytes of the weights
   * @param idleMillis how long it is kept when nobody has it
   * @param idleBytes that all idle copies, this one among them, may take
   */
  Borrowed borrow(
      String key, long bytes, long idleMillis, long idleBytes, Supplier<NetworkCopy> load) {
    Entry entry = entry(key, bytes, idleMillis, idleBytes);
    try {
      return new Borrowed(entry, entry.loaded(load));
    } catch (Throwable unread) { // Spark's code throws checked ones undeclared
      synchronized (this) {
        giveBack(entry);
      }
      throw unread;
    }
  }

  private synchronized Entry entry(String key, long bytes, long idleMillis, long idleBytes) {
    Entry entry = entries.get(key);
    if (entry == null) {
      makeRoom(idleBytes - bytes);
      entry = new Entry(key, bytes, TimeUnit.MILLISECONDS.toNanos(idleMillis));
      entries.put(key, entry);
      if (sweeping == null) {
        long pause = Math.max(1, Math.min(1_000, idleMillis));
        sweeping = sweeper.scheduleWithFixedDelay(this::sweep, pause, pause, TimeUnit.MILLISECONDS);
      }
    }
    entry.readers++;
    return entry;
  }

  /** Frees idle copies, the oldest first, until those that are left take so many bytes at most. */
  private void makeRoom(long mostBytes) {
    while (idleBytes() > mostBytes && idleBytes() > 0) {
      free(
          entries.values().stream()
              .filter(entry -> entry.readers == 0)
              .min(Comparator.comparingLong(entry -> entry.idleSince))
              .orElseThrow());
    }
  }

  /** Frees all idle copies. */
  synchronized void freeIdle() {
    makeRoom(0);
  }

  private long idleBytes() {
    return entries.values().stream()
        .filter(entry -> entry.readers == 0)
        .mapToLong(entry -> entry.bytes)
        .sum();
  }

  private void giveBack(Entry entry) {
    entry.readers--;
    entry.idleSince = nanos.getAsLong();
  }

  /** Frees what has been idle for long enough. */
  synchronized void sweep() {
    long now = nanos.getAsLong();
    entries.values().stream()
        .filter(entry -> entry.readers == 0 && now - entry.idleSince >= entry.idleNanos)
        .toList()
        .forEach(this::free);
    if (entries.isEmpty() && sweeping != null) {
      sweeping.cancel(false);
      sweeping = null;
    }
  }

  private void free(Entry entry) {
    entries.remove(entry.key);
    entry.free();
  }

  /** Returns how many networks are loaded, or being loaded. */
  synchronized int count() {
    return entries.size();
  }
}
