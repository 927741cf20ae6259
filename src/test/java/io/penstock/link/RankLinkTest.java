package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The contract of {@link Link}, the same in one JVM (false) and over the network (true). */
@Timeout(120)
@ExtendWith(QuietSpark.class)
class RankLinkTest extends OpenLinks {
  @BothWays
  void everyTypeShapeOrderingAndViewArrivesBitForBit(boolean network) throws Exception {
    connect(2, network);
    List<INDArray> sent = SampleArrays.ofEveryKind();
    for (int i = 0; i < sent.size(); i++) {
      rank(0).send(1, tag(i), sent.get(i));
    }
    for (int i = 0; i < sent.size(); i++) {
      INDArray expected = sent.get(i);
      INDArray received = rank(1).receive(tag(i), NEVER).array();
      String kind = expected.shapeInfoToString();
      assertEquals(expected.dataType(), received.dataType(), kind);
      assertEquals(expected.ordering(), received.ordering(), kind);
      assertArrayEquals(expected.shape(), received.shape(), kind);
      assertArrayEquals(SampleArrays.bytes(expected), SampleArrays.bytes(received), kind);
    }
  }

  @BothWays
  void concurrentSendsKeepTheirTags(boolean network) throws Exception {
    connect(3, network);
    int each = 150;
    List<CompletableFuture<Void>> senders =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < each; i++) {
                            Tag tag = new Tag(new Channel.Activation(2), thread, i);
                            INDArray mine =
                                Nd4j.valueArrayOf(new long[] {i % 40 + 1, 3}, thread * 1000f + i);
                            rank(thread % 2).send(2, tag, mine);
                          }
                        }))
            .toList();
    for (int i = each - 1; i >= 0; i--) {
      for (int thread = 0; thread < senders.size(); thread++) {
        INDArray received =
            rank(2).receive(new Tag(new Channel.Activation(2), thread, i), NEVER).array();
        assertArrayEquals(new long[] {i % 40 + 1, 3}, received.shape());
        assertEquals(thread * 1000f + i, received.minNumber().floatValue());
        assertEquals(thread * 1000f + i, received.maxNumber().floatValue());
      }
    }
    for (CompletableFuture<Void> sender : senders) {
      sender.get();
    }
  }

  @BothWays
  void waitAndFrameMeetWhicheverComesFirst(boolean network) throws Exception {
    connect(2, network);
    INDArray array = Nd4j.rand(2, 2);
    rank(1).post(tag(0));
    CountDownLatch waits = new CountDownLatch(2); // it asks before it waits, and while it does
    CompletableFuture<INDArray> early =
        receiving(
            1,
            tag(0),
            () -> {
              waits.countDown();
              return false;
            });
    waits.await();
    rank(0).send(1, tag(0), array);
    assertEquals(array, early.get());
    rank(0).send(1, tag(1), array);
    until(() -> rank(1).stats().framesReceived() == 2);
    assertEquals(array, rank(1).receive(tag(1), NEVER).array());
  }

  @BothWays
  void aPeerMaySendBeforeTheOtherHasConnected(boolean network) throws Exception {
    open(2, network);
    rank(0).connect(0, addresses());
    INDArray array = Nd4j.rand(2, 2);
    rank(0).send(1, tag(0), array);
    rank(0).close();
    rank(1).connect(1, addresses());
    assertEquals(array, rank(1).receive(tag(0), NEVER).array());
  }

  @BothWays
  void framesWaitForASlowReceiver(boolean network) throws Exception {
    connect(2, network);
    INDArray array = Nd4j.rand(DataType.FLOAT, 1024, 1024);
    for (int i = 0; i < 8; i++) {
      rank(0).send(1, tag(i), array);
    }
    until(() -> rank(1).stats().framesReceived() == 8);
    for (int i = 0; i < 8; i++) {
      assertEquals(array, rank(1).receive(tag(i), NEVER).array());
    }
  }

  @BothWays
  void framesAreCountedOnBothSides(boolean network) throws Exception {
    connect(2, network);
    rank(0).send(1, tag(0), Nd4j.ones(DataType.FLOAT, 5, 5));
    rank(0).send(1, tag(1), Nd4j.ones(DataType.DOUBLE, 5));
    rank(1).receive(tag(1), NEVER);
    rank(1).receive(tag(0), NEVER);
    rank(0).close();
    assertEquals(new LinkStats(2, 140, 0, 0, 0), rank(0).stats());
    assertEquals(new LinkStats(0, 0, 2, 140, 0), rank(1).stats());
  }

  @BothWays
  void anArrayInOneJvmIsHandedOverAndOverTheNetworkCopied(boolean network) throws Exception {
    connect(2, network);
    INDArray array = Nd4j.rand(3, 3);
    rank(0).send(1, tag(0), array);
    assertEquals(network, array != rank(1).receive(tag(0), NEVER).array());
  }

  @BothWays
  void aReleasedArrayTakesALaterFrameUnlessItIsTheSenders(boolean network) throws Exception {
    connect(2, network);
    INDArray first = Nd4j.rand(64, 64);
    INDArray second = Nd4j.rand(64, 64);
    rank(0).send(1, tag(0), first);
    Loan loan = rank(1).receive(tag(0), NEVER);
    INDArray received = loan.array();
    assertEquals(first, received);
    loan.close();
    rank(0).send(1, tag(1), second);
    INDArray next = rank(1).receive(tag(1), NEVER).array();
    assertEquals(second, next);
    assertEquals(network, received == next);
  }

  @BothWays
  void misuseIsNamed(boolean network) {
    connect(2, network);
    INDArray array = Nd4j.ones(1);
    assertThrows(IllegalArgumentException.class, () -> rank(0).send(2, tag(0), array));
    assertThrows(
        IllegalArgumentException.class, () -> rank(0).send(1, tag(0), Nd4j.empty(DataType.FLOAT)));
    assertThrows(IllegalArgumentException.class, () -> rank(0).connect(1, addresses()));
    assertThrows(IllegalStateException.class, () -> rank(0).connect(0, addresses()));
    try (Link unconnected = Links.open(LinkConfig.on("127.0.0.1"))) {
      assertThrows(IllegalStateException.class, () -> unconnected.send(0, tag(0), array));
    }
  }

  @Test
  void aSmallFrameIsConfirmedThoughNothingFollowsIt() throws Exception {
    connect(2, true);
    CountDownLatch back = new CountDownLatch(1);
    rank(0).lend(1, tag(0), Loan.of(Nd4j.ones(3), own -> back.countDown()));
    back.await();
  }

  @Test
  void theWorkOfTheLinksOwnThreadsIsCounted() throws Exception {
    connect(2, true);
    rank(0).send(1, tag(0), Nd4j.ones(3));
    rank(1).receive(tag(0), NEVER).close();
    assertTrue(rank(0).threadNanos().getAsLong() > 0);
    assertTrue(rank(1).threadNanos().getAsLong() > 0);
    rank(0).close();
    assertEquals(OptionalLong.empty(), rank(0).threadNanos());
  }

  @Test
  void inOneJvmALinkHasNoThreadsOfItsOwnAtWork() throws Exception {
    connect(2, false);
    rank(0).send(1, tag(0), Nd4j.ones(3));
    rank(1).receive(tag(0), NEVER).close();
    assertEquals(OptionalLong.of(0), rank(0).threadNanos());
    assertEquals(OptionalLong.of(0), rank(1).threadNanos());
  }

  @Test
  void aBlankArrayTakesTheMemoryOfOneThatWasGivenAway() throws Exception {
    connect(2, true);
    INDArray blank = rank(0).blank(DataType.FLOAT, 3, 4);
    assertEquals('c', blank.ordering());
    Pointer memory = blank.data().pointer();
    rank(0).give(1, tag(0), blank.assign(7));
    assertEquals(7, rank(1).receive(tag(0), NEVER).array().getDouble(2, 3));
    until(() -> rank(0).stats().framesInFlight() == 0); // the arrival is confirmed a little later
    assertSame(memory, rank(0).blank(DataType.FLOAT, 3, 4).data().pointer());
  }
}
