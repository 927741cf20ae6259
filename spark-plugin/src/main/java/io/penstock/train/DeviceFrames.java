package io.penstock.train;

import io.penstock.array.DeviceMemory;
import io.penstock.array.Loan;
import io.penstock.compute.Workspace;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Copies of a rank's frames between the link and its device, beside what the rank computes: a
 * thread each way, each with a stream of its own. A frame that was asked for goes to the device as
 * soon as it has come; one that is sent leaves when the work before it is done, while the rank goes
 * on. For the rank's thread.
 */
final class DeviceFrames implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final Link link;
  private final DeviceMemory memory;
  private final BooleanSupplier cancelled;

  /** Memory of what comes; what goes back to it is settled by the thread that read it. */
  private final Workspace arrivals;

  private final ExecutorService in;
  private final ExecutorService out;

  /** What was asked for and not taken. */
  private final Map<Tag, CompletableFuture<Loan>> asked = new HashMap<>();

  DeviceFrames(int rank, Link link, Workspace pool, BooleanSupplier cancelled) {
    this.link = link;
    this.memory = pool.device().memory();
    this.cancelled = cancelled;
    this.arrivals = new Workspace(pool.device(), link::release);
    this.in = thread("penstock-to-device-" + rank);
    this.out = thread("penstock-from-device-" + rank);
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Asks for a frame, which goes to the device when it has come.
   *
   * @param convert says a frame as stages compute with it
   */
  void ask(Tag tag, UnaryOperator<Loan> convert) {
    CompletableFuture<Loan> coming = new CompletableFuture<>();
    asked.put(tag, coming);
    link.whenReady(tag, () -> execute(in, coming, () -> fetch(tag, convert)));
  }

  private Loan fetch(Tag tag, UnaryOperator<Loan> convert) throws InterruptedException {
    Loan frame = convert.apply(link.receive(tag, cancelled));
    try {
      Loan copy = arrivals.copy(frame.array());
      memory.settle(); // another thread reads it
      return copy;
    } finally {
      frame.close();
    }
  }

  /** What a thread does for a future. */
  @FunctionalInterface
  private interface Task {
    Loan run() throws InterruptedException;
  }

  private static void execute(ExecutorService thread, CompletableFuture<Loan> result, Task task) {
    try {
      thread.execute(
          () -> {
            try {
              result.complete(task.run());
            } catch (Throwable failure) {
              result.completeExceptionally(failure);
            }
          });
    } catch (RejectedExecutionException over) {
      result.completeExceptionally(over);
    }
  }

  /** Returns whether a frame was asked for. */
  boolean isAsked(Tag tag) {
    return asked.containsKey(tag);
  }

  /**
   * Waits for a frame that was asked for, on the device; the caller closes it.
   *
   * @throws InterruptedException if the task was cancelled
   */
  Loan take(Tag tag) throws InterruptedException {
    Future<Loan> coming = asked.get(tag);
    while (true) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("The task was cancelled while it awaited " + tag + ".");
      }
      try {
        Loan loan = coming.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        asked.remove(tag);
        return loan;
      } catch (TimeoutException e) {
        // not yet: ask again whether anyone still wants it
      } catch (ExecutionException e) {
        throw raised(e.getCause());
      }
    }
  }

  private static RuntimeException raised(Throwable cause) throws InterruptedException {
    if (cause instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
  }

  /**
   * Sends an array of the device's when all is done that this thread has asked for; returns at
   * once.
   *
   * @param loan closed when it was read
   * @param send takes the array, on another thread: copies it to a frame, and sends that. If that
   *     fails, so does the link, and with it this rank
   */
  void send(Loan loan, Consumer<Loan> send) {
    DeviceMemory.Mark mark = memory.mark();
    out.execute(
        () -> {
          try {
            mark.await();
            send.accept(loan);
          } catch (Throwable failure) {
            link.fail(failure);
          }
        });
  }

  /** Waits until all that was sent is with the link. */
  void flush() throws InterruptedException {
    try {
      out.submit(() -> {}).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends both ways, after what was sent, and gives back what nobody took. */
  @Override
  public void close() {
    end(out);
    end(in);
    asked
        .values()
        .forEach(
            coming -> {
              if (coming.isDone() && !coming.isCompletedExceptionally()) {
                coming.join().close();
              }
            });
    asked.clear();
    arrivals.clear();
  }

  private static void end(ExecutorService thread) {
    thread.shutdown();
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true; // what is under way ends by itself: nothing there waits for a peer
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
