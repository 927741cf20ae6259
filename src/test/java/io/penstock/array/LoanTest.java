package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
class LoanTest {
  private final INDArray array = Nd4j.ones(2, 3);
  private final AtomicInteger returned = new AtomicInteger();
  private final Loan first = Loan.of(array, back -> returned.incrementAndGet());

  @Test
  void theMemoryGoesBackWithTheLastLoan() {
    INDArray view = array.reshape(3, 2);
    Loan second = first.another(view);
    assertSame(array, first.array());
    first.close();
    Loan third = second.another(array);
    assertSame(view, second.array());
    second.close();
    assertEquals(0, returned.get());
    third.close();
    assertEquals(1, returned.get());
  }

  @Test
  void nobodyReadsWhatHeHasGivenBack() {
    Loan second = first.another(array);
    first.close();
    assertThrows(IllegalStateException.class, first::array);
    assertThrows(IllegalStateException.class, () -> first.another(array));
    assertSame(array, second.array());
  }

  @Test
  void whoGivesBackTwiceEndsNobodyElsesLoan() {
    first.another(array);
    first.close();
    String message = assertThrows(IllegalStateException.class, first::close).getMessage();
    assertTrue(message.contains("twice"), message);
    assertEquals(0, returned.get());
  }

  @Test
  void manyThreadsGiveItBackOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Object>> ends = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        ends.add(Executors.callable(first.another(array)::close));
      }
      for (var end : threads.invokeAll(ends)) {
        end.get();
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(0, returned.get());
    first.close();
    assertEquals(1, returned.get());
  }
}
