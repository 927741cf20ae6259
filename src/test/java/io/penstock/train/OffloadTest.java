package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
class OffloadTest {
  @TempDir Path directory;

  /** Loans that are open now. */
  private final AtomicInteger open = new AtomicInteger();

  private Loan loan(INDArray array) {
    open.incrementAndGet();
    return Loan.of(
        array,
        one -> {
          NativeArrays.release(one);
          open.decrementAndGet();
        });
  }

  private Loan blank(long[] shape) {
    return loan(NativeArrays.array(DataType.FLOAT, 'c', shape));
  }

  private Offload disk() {
    return new Offload(0, directory, this::blank);
  }

  /** An array of the numbers that a seed gives. */
  private Loan numbers(long seed, long... shape) {
    Loan loan = blank(shape);
    Random random = new Random(seed);
    float[] all = new float[(int) loan.array().length()];
    for (int i = 0; i < all.length; i++) {
      all[i] = random.nextFloat();
    }
    loan.array().assign(Nd4j.createFromArray(all).reshape(shape));
    return loan;
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void whatComesBackIsWhatWent() throws Exception {
    Random random = new Random(1);
    try (Offload disk = disk()) {
      for (int round = 0; round < 4; round++) {
        List<OffloadedArrays> gone = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          // More than a chunk, of sizes that come again and new ones.
          Loan first = numbers(10 * round + i, 1 + random.nextInt(3), 50_000);
          Loan second = numbers(100 + i, 3, 1 + i, 2);
          gone.add(disk.write(List.of(first, second)));
        }
        for (int i = 5; i >= 0; i--) {
          disk.prefetch(gone.get(i));
        }
        for (int i = 5; i >= 0; i--) {
          List<Loan> back = disk.take(gone.get(i));
          long[] shape = back.get(0).array().shape();
          try (Loan same = numbers(10 * round + i, shape)) {
            assertArrayEquals(
                same.array().data().asFloat(), back.get(0).array().data().asFloat(), 0f);
          }
          try (Loan same = numbers(100 + i, 3, 1 + i, 2)) {
            assertEquals(same.array(), back.get(1).array());
          }
          back.forEach(Loan::close);
        }
        assertEquals(0, open.get());
      }
    }
    assertEquals(List.of(), files());
  }

  /** One is written while the rank goes on; with the next, it waits for it. */
  @Test
  void memoryIsFreeWhenTheNextOneGoes() throws Exception {
    try (Offload disk = disk()) {
      OffloadedArrays last = null;
      for (int i = 0; i < 10; i++) {
        last = disk.write(List.of(numbers(i, 1000)));
        assertTrue(open.get() <= 1, open + " are open");
      }
      disk.prefetch(last);
      disk.take(last).forEach(Loan::close);
      assertEquals(0, open.get());
    }
  }

  /** However it ends: what is on disk, on its way there, and back but not taken. */
  @Test
  void nothingIsLeft() throws Exception {
    Offload disk = disk();
    OffloadedArrays read = disk.write(List.of(numbers(1, 1000)));
    disk.write(List.of(numbers(2, 1000)));
    disk.prefetch(read);
    disk.write(List.of(numbers(3, 200_000)));
    disk.close();
    assertEquals(0, open.get());
    assertEquals(List.of(), files());
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().startsWith("penstock-offload-0")));
    disk().close(); // to which nothing went
  }

  @Test
  void aDiskThatTakesNothingIsNamedWithWhatToDo() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    try (Offload disk = new Offload(0, file, this::blank)) {
      OffloadedArrays gone = disk.write(List.of(numbers(1, 1000)));
      disk.prefetch(gone);
      UncheckedIOException failed = assertThrows(UncheckedIOException.class, () -> disk.take(gone));
      assertTrue(
          failed.getMessage().contains("activations of 3.9 KiB to " + file), failed::toString);
      assertTrue(failed.getMessage().contains("spark.local.dir"), failed::toString);
      assertThrows(UncheckedIOException.class, () -> disk.write(List.of(numbers(2, 10))));
    }
    assertEquals(0, open.get());
  }

  @Test
  void aRankThatIsInterruptedWaitsNoLonger() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Offload disk =
        new Offload(
            0,
            directory,
            shape -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return blank(shape);
            });
    OffloadedArrays gone = disk.write(List.of(numbers(1, 1000)));
    disk.prefetch(gone);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> disk.take(gone));
    never.countDown();
    disk.close();
    assertEquals(0, open.get());
  }

  @Test
  void onlyFloatsThatLieDenselyGo() {
    assertTrue(Offload.takes(Nd4j.ones(DataType.FLOAT, 2, 3)));
    assertFalse(Offload.takes(Nd4j.ones(DataType.DOUBLE, 2, 3)));
    assertFalse(Offload.takes(Nd4j.ones(DataType.FLOAT, 2, 3).transpose()));
  }
}
