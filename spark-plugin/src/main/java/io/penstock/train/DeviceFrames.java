package io.penstock.train;

import io.penstock.array.DeviceMemory;
import io.penstock.array.Loan;
import io.penstock.compute.Workspace;
import io.penstock.link.Link;
import io.penstock.link.LinkException;
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
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Copies of a rank's frames between the link and its device, beside what the rank computes: a
 * thread each way, each with a stream and memory of its own. A frame that was asked for goes to the
 * device as soon as it has come; one that is sent leaves when the work before it is done, while the
 * rank goes on. For the rank's thread.
 */
final class DeviceFrames implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final Link link;
  private final DeviceMemory memory;
  private final BooleanSupplier cancelled;

  /** Memory of the thread that brings frames; what others give back of it they have settled. */
  private final Workspace arrivals;

  /** Memory of the thread that takes frames away. */
  private final Workspace departures;

  private final FrameForm coming;
  private final FrameForm going;
  private final ExecutorService in;
  private final ExecutorService out;

  /** What was asked for and not taken. */
  private final Map<Tag, CompletableFuture<Loan>> asked = new HashMap<>();

  /** Why a frame could not be sent, the first time; null while all could. */
  private volatile Throwable failure;

  /**
   * @param pool the rank's
   * @param activations dtype of activations on the link
   */
  DeviceFrames(
      int rank, Link link, Workspace pool, DataType activations, BooleanSupplier cancelled) {
    this.link = link;
    this.memory = pool.device().memory();
    this.cancelled = cancelled;
    this.arrivals = new Workspace(pool.device(), link::release);
    this.departures = new Workspace(pool.device(), link::release);
    this.coming = new FrameForm(link, arrivals, activations);
    this.going = new FrameForm(link, departures, activations);
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

  /** Asks for a frame, which goes to the device when it has come. */
  void ask(Tag tag) {
    CompletableFuture<Loan> frame = new CompletableFuture<>();
    asked.put(tag, frame);
    link.whenReady(tag, () -> bring(tag, frame));
  }

  private void bring(Tag tag, CompletableFuture<Loan> frame) {
    try {
      in.execute(
          () -> {
            try {
              frame.complete(fetch(tag));
            } catch (Throwable trouble) {
              frame.completeExceptionally(trouble);
            }
          });
    } catch (RejectedExecutionException over) {
      frame.completeExceptionally(over); // the rank has ended, and the frame stays with the link
    }
  }

  private Loan fetch(Tag tag) throws InterruptedException {
    Loan array = coming.incoming(tag, link.receive(tag, cancelled));
    try {
      memory.settle(); // another thread reads it
      return array;
    } catch (Throwable trouble) {
      try (array) {
        throw trouble;
      }
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
    Future<Loan> frame = asked.get(tag);
    while (true) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("The task was cancelled while it awaited " + tag + ".");
      }
      try {
        Loan loan = frame.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
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
   * once. If it cannot be sent, the link fails, and with it this rank: see {@link #cause}.
   *
   * @param loan closed when it was read
   */
  void send(int toRank, Tag tag, Loan loan) {
    DeviceMemory.Mark mark = memory.mark();
    out.execute(
        () -> {
          try {
            Loan frame = frame(mark, tag, loan);
            try {
              link.lend(toRank, tag, frame);
            } catch (Throwable trouble) {
              try (frame) {
                throw trouble;
              }
            }
          } catch (Throwable trouble) {
            fail(trouble);
          }
        });
  }

  private Loan frame(DeviceMemory.Mark mark, Tag tag, Loan loan) {
    try {
      mark.await();
    } catch (Throwable trouble) {
      try (loan) {
        throw trouble;
      }
    }
    return going.outgoing(tag, loan);
  }

  private void fail(Throwable trouble) {
    if (failure == null) {
      failure = trouble;
    }
    link.fail(trouble);
  }

  /**
   * Returns why the link failed: what this rank could not send, or else what was thrown.
   *
   * @throws Error if that was why
   */
  RuntimeException cause(LinkException thrown) {
    if (failure instanceof Error error) {
      throw error;
    }
    boolean own = failure instanceof RuntimeException && !(failure instanceof LinkException);
    return own ? (RuntimeException) failure : thrown;
  }

  /**
   * Waits until all that was sent is with the link.
   *
   * @throws LinkException if something was not
   */
  void flush() throws InterruptedException {
    try {
      out.submit(() -> {}).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    if (failure != null) {
      throw new LinkException("A frame could not be sent: " + failure.getMessage(), failure);
    }
  }

  /** Ends both ways, after what was sent, and gives back what nobody took. */
  @Override
  public void close() {
    end(out);
    end(in);
    try {
      asked.values().forEach(DeviceFrames::giveBack);
    } finally {
      asked.clear();
      arrivals.clear();
      departures.clear();
    }
  }

  private static void giveBack(CompletableFuture<Loan> frame) {
    if (frame.isDone() && !frame.isCompletedExceptionally()) {
      frame.join().close();
    }
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
