package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The contract of {@link Link}, the same in one JVM (false) and over the network (true). */
@Timeout(120)
@ExtendWith(QuietSpark.class)
class RankLinkTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Retention(RetentionPolicy.RUNTIME)
  @interface BothWays {}

  private static final BooleanSupplier NEVER = () -> false;
  private final List<Link> links = new ArrayList<>();

  private void open(int ranks, boolean network) {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    for (int rank = 0; rank < ranks; rank++) {
      links.add(Links.open(network ? config.overNetwork() : config));
    }
  }

  private void connect(int ranks, boolean network) {
    open(ranks, network);
    for (int rank = 0; rank < ranks; rank++) {
      rank(rank).connect(rank, addresses());
    }
  }

  private List<String> addresses() {
    return links.stream().map(Link::address).toList();
  }

  private Link rank(int rank) {
    return links.get(rank);
  }

  @AfterEach
  void close() {
    links.forEach(Link::close);
  }

  private static Tag tag(int microBatch) {
    return new Tag('F', 1, 0, microBatch);
  }

  private static Tag gradient(int microBatch) {
    return new Tag('B', 0, 0, microBatch);
  }

  private CompletableFuture<INDArray> receiving(int rank, Tag tag) {
    return receiving(rank, tag, NEVER);
  }

  private CompletableFuture<INDArray> receiving(int rank, Tag tag, BooleanSupplier cancelled) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return rank(rank).receive(tag, cancelled).array();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** Returns when it is so; the test's own limit ends it. */
  private static void until(BooleanSupplier so) throws InterruptedException {
    while (!so.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  private static LinkException failureOf(CompletableFuture<INDArray> wait) {
    ExecutionException thrown = assertThrows(ExecutionException.class, wait::get);
    return (LinkException) thrown.getCause();
  }

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
                            Tag tag = new Tag('F', 2, thread, i);
                            INDArray mine =
                                Nd4j.valueArrayOf(new long[] {i % 40 + 1, 3}, thread * 1000f + i);
                            rank(thread % 2).send(2, tag, mine);
                          }
                        }))
            .toList();
    for (int i = each - 1; i >= 0; i--) {
      for (int thread = 0; thread < senders.size(); thread++) {
        INDArray received = rank(2).receive(new Tag('F', 2, thread, i), NEVER).array();
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
