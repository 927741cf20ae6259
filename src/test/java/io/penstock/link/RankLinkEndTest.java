package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** How links end: in good order, failed, cancelled, or gone; in one JVM and over the network. */
@Timeout(120)
@ExtendWith(QuietSpark.class)
class RankLinkEndTest extends OpenLinks {
  @BothWays
  void failEndsEveryWaitWithTheFirstCause(boolean network) throws Exception {
    connect(2, network);
    List<CompletableFuture<INDArray>> waits =
        IntStream.range(0, 3).mapToObj(i -> receiving(1, tag(i))).toList();
    RuntimeException first = new IllegalStateException("stage 1 diverged");
    rank(1).fail(first);
    rank(1).fail(new IllegalStateException("an echo"));
    for (CompletableFuture<INDArray> wait : waits) {
      assertSame(first, failureOf(wait).getCause());
    }
    assertSame(
        first,
        assertThrows(LinkException.class, () -> rank(1).send(0, gradient(0), Nd4j.ones(1)))
            .getCause());
  }

  @BothWays
  void aFailedPeerTellsItsCauseWhenItCloses(boolean network) {
    connect(3, network);
    CompletableFuture<INDArray> wait = receiving(0, gradient(0));
    rank(2).fail(new IllegalStateException("loss is NaN"));
    rank(2).close();
    String message = failureOf(wait).getMessage();
    assertTrue(message.contains("Rank 2 at 127.0.0.1:"), message);
    assertTrue(message.contains("loss is NaN"), message);
    LostPeerException lost =
        assertInstanceOf(
            LostPeerException.class,
            assertThrows(LinkException.class, () -> rank(0).receive(gradient(0), NEVER))
                .getCause());
    assertEquals(LostPeerException.Loss.FAILED, lost.loss());
    assertEquals(2, lost.rank());
  }

  @BothWays
  void aCancelledTaskStopsWaiting(boolean network) {
    connect(2, network);
    AtomicInteger asked = new AtomicInteger();
    BooleanSupplier cancelled = () -> asked.incrementAndGet() == 3;
    assertThrows(InterruptedException.class, () -> rank(1).receive(tag(0), cancelled));
  }

  @BothWays
  void aPeerThatHasFinishedFailsNobodyWhoWaitsForOthers(boolean network) throws Exception {
    connect(3, network);
    INDArray array = Nd4j.rand(64, 64);
    rank(0).send(1, tag(0), array);
    rank(0).close();
    CompletableFuture<INDArray> fromTwo = receiving(1, gradient(0));
    rank(1).send(0, tag(7), array); // dropped: rank 0 awaits nothing
    until(() -> rank(1).stats().framesInFlight() == 0);
    rank(2).send(1, gradient(0), array);
    assertEquals(array, fromTwo.get());
    assertEquals(array, rank(1).receive(tag(0), NEVER).array());
    String message =
        assertThrows(LinkException.class, () -> rank(1).receive(tag(1), NEVER)).getMessage();
    assertTrue(message.contains("rank 0 has closed its link"), message);
  }

  @BothWays
  void closeDeliversWhatWasSentAndMayBeRepeated(boolean network) throws Exception {
    connect(2, network);
    INDArray array = Nd4j.rand(DataType.FLOAT, 1024, 1024);
    for (int i = 0; i < 4; i++) {
      rank(0).send(1, tag(i), array);
    }
    rank(0).close();
    rank(0).close();
    for (int i = 0; i < 4; i++) {
      assertEquals(array, rank(1).receive(tag(i), NEVER).array());
    }
    assertThrows(LinkException.class, () -> rank(0).send(1, tag(9), array));
    assertThrows(LinkException.class, () -> rank(0).receive(gradient(0), NEVER));
  }

  @BothWays
  void allMayCloseAtOnce(boolean network) {
    connect(4, network);
    CompletableFuture.allOf(
            links.stream()
                .map(link -> CompletableFuture.runAsync(link::close))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  @BothWays
  void aPeerThatLeavesWithoutHavingConnectedIsLost(boolean network) {
    open(2, network);
    rank(0).connect(0, addresses());
    CompletableFuture<INDArray> wait = receiving(0, gradient(0));
    rank(1).close();
    LostPeerException lost = assertInstanceOf(LostPeerException.class, failureOf(wait).getCause());
    assertEquals(LostPeerException.Loss.CONNECTION, lost.loss());
    assertEquals(1, lost.rank());
  }

  @Test
  void aLinkThatClosesHasConfirmedWhatItGot() throws Exception {
    connect(2, true);
    CountDownLatch back = new CountDownLatch(5);
    for (int frame = 0; frame < 5; frame++) {
      rank(0).lend(1, tag(frame), Loan.of(Nd4j.ones(3), own -> back.countDown()));
    }
    for (int frame = 0; frame < 5; frame++) {
      rank(1).receive(tag(frame), NEVER).close();
    }
    rank(1).close();
    back.await();
  }
}
