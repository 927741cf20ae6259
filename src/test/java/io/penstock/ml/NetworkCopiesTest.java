package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A process has one copy of a network, for as long as somebody scores with it and a while more. */
class NetworkCopiesTest {
  private static final Sequential NETWORK = Sequential.perceptron(3, 2);
  private static final long LONG = TimeUnit.HOURS.toMillis(1);

  private final AtomicLong clock = new AtomicLong();
  private final NetworkCopies copies = new NetworkCopies(clock::get);

  private static NetworkCopy copy() {
    List<Parameters> initial = List.of(Parameters.initial(NETWORK.parameters(0), 1, 0));
    return NetworkCopy.of(NETWORK, NetworkWeights.inMemory(initial));
  }

  private NetworkCopies.Borrowed borrow(String key, long bytes, long idleBytes) {
    return copies.borrow(key, bytes, LONG, idleBytes, NetworkCopiesTest::copy);
  }

  private void passMillis(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    copies.sweep();
  }

  private static boolean isFreed(NetworkCopy copy) {
    return copy.parameters().get(0).flat().wasClosed();
  }

  @Test
  void allWhoScoreWithANetworkShareItsCopy() {
    try (var one = borrow("a", 32, 100);
        var other = borrow("a", 32, 100);
        var another = borrow("b", 32, 100)) {
      assertSame(one.copy(), other.copy());
      assertNotSame(one.copy(), another.copy());
      assertEquals(2, copies.count());
    }
  }

  @Test
  void whatIsIdleGoesWhereRanksNeedTheMemory() {
    try (var borrowed = borrow("a", 32, 100)) {
      var idle = borrow("b", 32, 100);
      idle.close();
      copies.freeIdle();
      assertTrue(isFreed(idle.copy()));
      assertTrue(!isFreed(borrowed.copy()));
      assertEquals(1, copies.count());
    }
  }

  @Test
  void aCopyThatIsBorrowedStaysForHoweverLong() {
    try (var borrowed = borrow("a", 32, 0)) {
      borrow("a", 32, 0).close();
      passMillis(10 * LONG);
      assertTrue(!isFreed(borrowed.copy()));
    }
  }

  @Test
  void aCopyIsFreedWhenItHasBeenIdleForAWhile() {
    NetworkCopies.Borrowed borrowed = borrow("a", 32, 100);
    borrowed.close();
    borrowed.close(); // once is enough
    passMillis(LONG - 1);
    assertTrue(!isFreed(borrowed.copy()));
    passMillis(1);
    assertTrue(isFreed(borrowed.copy()));
    assertEquals(0, copies.count());
  }

  @Test
  void theOldestIdleCopiesGoWhereAnotherNetworkNeedsTheirRoom() {
    NetworkCopies.Borrowed oldest = borrow("a", 40, 100);
    NetworkCopies.Borrowed next = borrow("b", 40, 100);
    oldest.close();
    clock.incrementAndGet();
    next.close();
    try (var third = borrow("c", 40, 100)) {
      assertTrue(isFreed(oldest.copy()));
      assertTrue(!isFreed(next.copy()));
      assertEquals(2, copies.count());
    }
  }

  @Test
  void aNetworkThatCouldNotBeLoadedIsLoadedByTheNextWhoAsks() {
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () ->
                copies.borrow(
                    "a",
                    32,
                    LONG,
                    100,
                    () -> {
                      throw new IllegalStateException("no file");
                    }));
    assertEquals("no file", refused.getMessage());
    try (var borrowed = borrow("a", 32, 100)) {
      assertTrue(!isFreed(borrowed.copy()));
    }
  }
}
