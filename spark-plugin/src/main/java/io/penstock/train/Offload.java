package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Disk of one rank, to which arrays go until a recomputation needs them (activation offload). One
 * thread of its own writes and reads, in the order in which it is asked; on a GPU the rank's does,
 * for its arrays are that one's. For the rank's thread.
 */
final class Offload implements AutoCloseable {
  private final OffloadFile file;
  private final Function<long[], Loan> memory;
  private final ExecutorService thread;

  /** The thread itself, once there is something to do; it outlives its work by a moment. */
  private volatile Thread worker;

  /** Those that are not back with the rank: their memory is nobody's else. */
  private final Set<OffloadedArrays> away = new HashSet<>();

  private OffloadedArrays last;

  /**
   * A disk to which nothing went yet.
   *
   * @param rank names the thread
   * @param directory where the file may lie
   * @param memory gives an array of floats of a shape, in 'c' order; asked on any thread
   */
  Offload(int rank, Path directory, Function<long[], Loan> memory) {
    this.file = new OffloadFile(directory);
    this.memory = memory;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              worker = new Thread(task, "penstock-offload-" + rank);
              worker.setDaemon(true);
              return worker;
            });
  }

  /** Returns whether an array can go: floats that lie densely in 'c' order. */
  static boolean takes(INDArray array) {
    return array.dataType() == DataType.FLOAT
        && !array.isEmpty()
        && NativeArrays.isDense(array, 'c');
  }

  /**
   * Takes arrays, whose loans are closed once they are written, or cannot be. Waits until those
   * before are.
   *
   * @throws InterruptedException if the rank is to end
   */
  OffloadedArrays write(List<Loan> arrays) throws InterruptedException {
    try {
      if (last != null) {
        await(last.written);
      }
    } catch (InterruptedException | RuntimeException | Error ended) {
      arrays.forEach(Loan::close);
      throw ended;
    }
    OffloadedArrays gone = new OffloadedArrays();
    away.add(gone);
    last = gone;
    submit(
        gone.written,
        () -> {
          List<OffloadFile.Place> places = new ArrayList<>();
          try {
            arrays.forEach(loan -> places.add(file.write(loan.array())));
          } finally {
            arrays.forEach(Loan::close);
          }
          return places;
        });
    return gone;
  }

  /** Asks for arrays, ahead of {@link #take}; does not wait. */
  void prefetch(OffloadedArrays gone) {
    submit(
        gone.back,
        () -> {
          List<Loan> read = new ArrayList<>();
          try {
            for (OffloadFile.Place place : gone.written.get()) {
              Loan loan = memory.apply(place.shape());
              read.add(loan);
              file.read(place, loan.array());
            }
          } catch (Throwable failure) {
            read.forEach(Loan::close);
            throw failure;
          }
          return read;
        });
  }

  /**
   * Waits for the arrays that were asked for, which the caller closes.
   *
   * @throws InterruptedException if the rank is to end
   */
  List<Loan> take(OffloadedArrays gone) throws InterruptedException {
    List<Loan> back = await(gone.back);
    away.remove(gone);
    return back;
  }

  private interface Task<T> {
    T run() throws Exception;
  }

  private <T> void submit(CompletableFuture<T> result, Task<T> task) {
    Runnable run =
        () -> {
          try {
            result.complete(task.run());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        };
    if (Nd4j.getEnvironment().isCPU()) {
      thread.execute(run);
    } else {
      run.run();
    }
  }

  private static <T> T await(CompletableFuture<T> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      while (cause instanceof ExecutionException) {
        cause = cause.getCause(); // a read fails with the write before it
      }
      if (cause instanceof RuntimeException known) {
        throw known;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("offloaded activations are lost", cause);
    }
  }

  /** Waits for what is being written or read, gives back what is not taken, and the file goes. */
  @Override
  public void close() {
    thread.shutdown(); // not now: a write that is broken off would leave its arrays unread
    boolean interrupted = false;
    while (worker != null && worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    for (OffloadedArrays gone : away) {
      if (gone.back.isDone() && !gone.back.isCompletedExceptionally()) {
        gone.back.join().forEach(Loan::close);
      }
    }
    away.clear();
    file.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
