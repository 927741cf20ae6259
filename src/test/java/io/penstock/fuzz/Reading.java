package io.penstock.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.statistics.Statistics;

/**
 * One attempt to read an input. It must be read, or refused by an exception that is documented,
 * with a message: within a minute, with heap of the order of its size, and without a look at a
 * class that it names.
 */
public final class Reading {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Of a usual thread's stack, so that what nests too deeply is told as in production. */
  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "reading");
            thread.setDaemon(true);
            return thread;
          });

  private static final long MOST_SECONDS = 60;

  /** Bytes of heap that a reader may take, whatever the input. */
  private static final long USUAL = 16L << 20;

  /** Bytes of heap for a byte of the input: a tree of JSON takes some hundred. */
  private static final long SHARE = 1000;

  private Reading() {}

  /** What is tried. */
  @FunctionalInterface
  public interface Reader {
    /** Reads the input. */
    void read() throws Exception;
  }

  /** Outcome on the reading thread. */
  private record Outcome(Throwable thrown, long allocated) {}

  /**
   * Reads an input of so many bytes.
   *
   * @param refusals the exceptions that are documented, and not what extends them
   */
  public static void of(long bytes, Set<Class<? extends Exception>> refusals, Reader reader)
      throws Exception {
    of(bytes, USUAL, refusals, reader);
  }

  /** Reads an input, for which a reader may take so much more heap than usual. */
  public static void of(
      long bytes, long heap, Set<Class<? extends Exception>> refusals, Reader reader)
      throws Exception {
    Outcome outcome = outcome(reader);
    Throwable thrown = outcome.thrown;
    if (thrown != null
        && (!refusals.contains(thrown.getClass())
            || thrown.getMessage() == null
            || thrown.getMessage().isBlank())) {
      throw new AssertionError("Neither read nor refused as is documented: " + thrown, thrown);
    }
    if (outcome.allocated > heap + SHARE * bytes) {
      throw new AssertionError(
          outcome.allocated + " bytes of heap were taken for an input of " + bytes);
    }
    if (System.getProperty(Canary.SUNG) != null) {
      throw new AssertionError("A class was initialised because the input names it.");
    }
    Statistics.label("inputs")
        .collect(thrown == null ? "read" : "refused")
        .coverage(
            both -> {
              both.check("read").count(count -> count > 0);
              both.check("refused").count(count -> count > 0);
            });
  }

  private static Outcome outcome(Reader reader) throws Exception {
    Future<Outcome> running =
        THREAD.submit(
            () -> {
              long before = THREADS.getCurrentThreadAllocatedBytes();
              Throwable thrown = null;
              try {
                reader.read();
              } catch (Throwable one) {
                thrown = one;
              }
              return new Outcome(thrown, THREADS.getCurrentThreadAllocatedBytes() - before);
            });
    try {
      return running.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException hanging) {
      throw new AssertionError("Not read within " + MOST_SECONDS + " s.", hanging);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
