package org.rapaio.jupyter.kernel.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LoopThreadTest {
  @Test
  void comesBeforeTheKernelsOwnOnTheClassPath() {
    String from = LoopThread.class.getProtectionDomain().getCodeSource().getLocation().toString();
    assertTrue(from.endsWith("/target/classes/"), from);
  }

  @Test
  @Timeout(120)
  void takesNoTurnBeforeAllIsConnected() throws InterruptedException {
    AtomicInteger turns = new AtomicInteger();
    CountDownLatch turned = new CountDownLatch(3);
    LoopThread loop =
        new LoopThread(
            "test",
            1,
            () -> {
              turns.incrementAndGet();
              turned.countDown();
            });
    synchronized (LoopThread.class) {
      loop.start();
      while (loop.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      assertEquals(0, turns.get());
    }
    turned.await();
    loop.shutdown();
    loop.join();
  }

  @Test
  @Timeout(120)
  void endsWhenInterrupted() throws InterruptedException {
    LoopThread loop = new LoopThread("test", 1_000_000, () -> {});
    loop.start();
    loop.interrupt();
    loop.join();
  }
}
