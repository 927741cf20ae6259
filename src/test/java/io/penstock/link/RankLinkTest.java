package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The contract of {@link Link}, the same in one JVM (false) and over the network (true). */
@Timeout(30)
class RankLinkTest {
  private static final BooleanSupplier NEVER = () -> false;
  private final List<Link> links = new ArrayList<>();

  private void connect(int ranks, boolean network) {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    for (int rank = 0; rank < ranks; rank++) {
      links.add(Links.open(network ? config.overNetwork() : config));
    }
    List<String> addresses = links.stream().map(Link::address).toList();
    for (int rank = 0; rank < ranks; rank++) {
      links.get(rank).connect(rank, addresses);
    }
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
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return rank(rank).receive(tag, NEVER);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static LinkException failureOf(CompletableFuture<INDArray> wait) {
    ExecutionException thrown = assertThrows(ExecutionException.class, wait::get);
    return (LinkException) thrown.getCause();
  }

  private static byte[] bytes(INDArray array) {
    ByteBuffer memory = Tensors.memory(Tensors.dense(array));
    byte[] copy = new byte[memory.remaining()];
    memory.get(copy);
    return copy;
  }

  private static INDArray random(DataType type, char ordering, long... shape) {
    return Nd4j.rand(DataType.DOUBLE, shape).muli(200).castTo(type).dup(ordering);
  }

  private static List<INDArray> arraysOfEveryKind() {
    List<INDArray> arrays = new ArrayList<>();
    for (DataType type :
        new DataType[] {
          DataType.DOUBLE, DataType.FLOAT, DataType.HALF, DataType.BFLOAT16, DataType.INT8,
          DataType.UINT8, DataType.INT16, DataType.INT32, DataType.INT64, DataType.BOOL
        }) {
      arrays.add(random(type, 'c', 5, 7));
      arrays.add(random(type, 'f', 5, 7));
    }
    for (char ordering : new char[] {'c', 'f'}) {
      arrays.add(random(DataType.FLOAT, ordering, 1));
      arrays.add(random(DataType.FLOAT, ordering, 9));
      arrays.add(random(DataType.FLOAT, ordering, 1, 9));
      arrays.add(random(DataType.FLOAT, ordering, 9, 1));
      arrays.add(random(DataType.FLOAT, ordering, 2, 3, 4));
      arrays.add(random(DataType.FLOAT, ordering, 2, 3, 4, 5));
      arrays.add(random(DataType.FLOAT, ordering, 700, 1024));
      INDArray whole = random(DataType.FLOAT, ordering, 6, 8);
      arrays.add(whole.get(NDArrayIndex.interval(2, 5), NDArrayIndex.all()));
      arrays.add(whole.get(NDArrayIndex.all(), NDArrayIndex.interval(2, 5)));
      arrays.add(whole.get(NDArrayIndex.interval(0, 2, 6), NDArrayIndex.interval(1, 3)));
      arrays.add(whole.getRow(3, true));
      arrays.add(whole.getColumn(3, true));
      arrays.add(whole.transpose());
      arrays.add(random(DataType.FLOAT, ordering, 2, 3, 4).permute(2, 0, 1));
    }
    arrays.add(Nd4j.scalar(3.5f));
    arrays.add(Nd4j.ones(DataType.FLOAT, 1, 4).broadcast(3, 4));
    return arrays;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyTypeShapeOrderingAndViewArrivesBitForBit(boolean network) throws Exception {
    connect(2, network);
    List<INDArray> sent = arraysOfEveryKind();
    for (int i = 0; i < sent.size(); i++) {
      rank(0).send(1, tag(i), sent.get(i));
    }
    for (int i = 0; i < sent.size(); i++) {
      INDArray expected = sent.get(i);
      INDArray received = rank(1).receive(tag(i), NEVER);
      assertAll(
          expected.shapeInfoToString(),
          () -> assertEquals(expected.dataType(), received.dataType()),
          () -> assertEquals(expected.ordering(), received.ordering()),
          () -> assertArrayEquals(expected.shape(), received.shape()),
          () -> assertArrayEquals(bytes(expected), bytes(received)),
          () -> assertEquals(expected, received));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
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
                            INDArray mine = Nd4j.valueArrayOf(new long[] {i % 40 + 1, 3}, thread * 1000f + i);
                            rank(thread % 2).send(2, tag, mine);
                          }
                        }))
            .toList();
    for (int i = each - 1; i >= 0; i--) {
      for (int thread = 0; thread < senders.size(); thread++) {
        INDArray received = rank(2).receive(new Tag('F', 2, thread, i), NEVER);
        assertArrayEquals(new long[] {i % 40 + 1, 3}, received.shape());
        assertEquals(thread * 1000f + i, received.minNumber().floatValue());
        assertEquals(thread * 1000f + i, received.maxNumber().floatValue());
      }
    }
    for (CompletableFuture<Void> sender : senders) {
      sender.get();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void waitAndFrameMeetWhicheverComesFirst(boolean network) throws Exception {
    connect(2, network);
    INDArray array = Nd4j.rand(2, 2);
    rank(1).post(tag(0));
    CompletableFuture<INDArray> early = receiving(1, tag(0));
    Thread.sleep(150);
    rank(0).send(1, tag(0), array);
    assertEquals(array, early.get());
    rank(0).send(1, tag(1), array);
    Thread.sleep(150);
    assertEquals(array, rank(1).receive(tag(1), NEVER));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPeerMaySendBeforeTheOtherHasConnected(boolean network) throws Exception {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    config = network ? config.overNetwork() : config;
    links.add(Links.open(config));
    links.add(Links.open(config));
    List<String> addresses = links.stream().map(Link::address).toList();
    rank(0).connect(0, addresses);
    INDArray array = Nd4j.rand(2, 2);
    rank(0).send(1, tag(0), array);
    rank(0).close();
    rank(1).connect(1, addresses);
    assertEquals(array, rank(1).receive(tag(0), NEVER));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void framesWaitForASlowReceiver(boolean network) throws Exception {
    connect(2, network);
    INDArray array = Nd4j.rand(DataType.FLOAT, 1024, 1024);
    for (int i = 0; i < 8; i++) {
      rank(0).send(1, tag(i), array);
    }
    Thread.sleep(200);
    for (int i = 0; i < 8; i++) {
      assertEquals(array, rank(1).receive(tag(i), NEVER));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void failEndsEveryWaitWithTheFirstCause(boolean network) throws Exception {
    connect(2, network);
    List<CompletableFuture<INDArray>> waits =
        IntStream.range(0, 3).mapToObj(i -> receiving(1, tag(i))).toList();
    Thread.sleep(50);
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFailedPeerTellsItsCauseWhenItCloses(boolean network) {
    connect(3, network);
    CompletableFuture<INDArray> wait = receiving(0, gradient(0));
    rank(2).fail(new IllegalStateException("loss is NaN"));
    rank(2).close();
    String message = failureOf(wait).getMessage();
    assertTrue(message.contains("Rank 2 at 127.0.0.1:"), message);
    assertTrue(message.contains("loss is NaN"), message);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCancelledTaskStopsWaiting(boolean network) {
    connect(2, network);
    long start = System.nanoTime();
    BooleanSupplier cancelled = () -> System.nanoTime() - start > 200_000_000;
    assertThrows(InterruptedException.class, () -> rank(1).receive(tag(0), cancelled));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPeerThatHasFinishedFailsNobodyWhoWaitsForOthers(boolean network) throws Exception {
    connect(3, network);
    INDArray array = Nd4j.rand(64, 64);
    rank(0).send(1, tag(0), array);
    rank(0).close();
    CompletableFuture<INDArray> fromTwo = receiving(1, gradient(0));
    rank(1).send(0, tag(7), array); // dropped: rank 0 awaits nothing
    Thread.sleep(300);
    rank(2).send(1, gradient(0), array);
    assertEquals(array, fromTwo.get());
    assertEquals(array, rank(1).receive(tag(0), NEVER));
    String message =
        assertThrows(LinkException.class, () -> rank(1).receive(tag(1), NEVER)).getMessage();
    assertTrue(message.contains("rank 0 has closed its link"), message);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closeDeliversWhatWasSentAndMayBeRepeated(boolean network) throws Exception {
    connect(2, network);
    INDArray array = Nd4j.rand(DataType.FLOAT, 1024, 1024);
    for (int i = 0; i < 4; i++) {
      rank(0).send(1, tag(i), array);
    }
    rank(0).close();
    rank(0).close();
    for (int i = 0; i < 4; i++) {
      assertEquals(array, rank(1).receive(tag(i), NEVER));
    }
    assertThrows(LinkException.class, () -> rank(0).send(1, tag(9), array));
    assertThrows(LinkException.class, () -> rank(0).receive(gradient(0), NEVER));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bothMayCloseAtOnceAndItIsQuick(boolean network) {
    connect(4, network);
    long start = System.nanoTime();
    CompletableFuture.allOf(
            links.stream()
                .map(link -> CompletableFuture.runAsync(link::close))
                .toArray(CompletableFuture[]::new))
        .join();
    assertTrue(System.nanoTime() - start < 2_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPeerThatLeavesWithoutHavingConnectedIsLost(boolean network) {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    config = network ? config.overNetwork() : config;
    links.add(Links.open(config));
    links.add(Links.open(config));
    rank(0).connect(0, links.stream().map(Link::address).toList());
    CompletableFuture<INDArray> wait = receiving(0, gradient(0));
    rank(1).close();
    assertTrue(failureOf(wait).getMessage().contains("Lost rank 1"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anArrayInOneJvmIsHandedOverAndOverTheNetworkCopied(boolean network) throws Exception {
    connect(2, network);
    INDArray array = Nd4j.rand(3, 3);
    rank(0).send(1, tag(0), array);
    assertEquals(network, array != rank(1).receive(tag(0), NEVER));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void misuseIsNamed(boolean network) {
    connect(2, network);
    INDArray array = Nd4j.ones(1);
    assertThrows(IllegalArgumentException.class, () -> rank(0).send(2, tag(0), array));
    assertThrows(
        IllegalArgumentException.class,
        () -> rank(0).send(1, tag(0), Nd4j.empty(DataType.FLOAT)));
    List<String> addresses = links.stream().map(Link::address).toList();
    assertThrows(IllegalArgumentException.class, () -> rank(0).connect(1, addresses));
    assertThrows(IllegalStateException.class, () -> rank(0).connect(0, addresses));
    try (Link unconnected = Links.open(LinkConfig.on("127.0.0.1"))) {
      assertThrows(IllegalStateException.class, () -> unconnected.send(0, tag(0), array));
    }
  }
}
