package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a stranger who has found the port can do: nothing. */
@Timeout(120)
@ExtendWith(QuietSpark.class)
class FrameRpcHandlerTest {
  private static final Tag TAG = new Tag(new Channel.Activation(0), 0, 0);
  private final Link link =
      Links.open(LinkConfig.on("127.0.0.1").overNetwork().with(FramePlan.upTo(64)));
  private final Address address = link.address();
  private final Transport stranger =
      new Transport(LinkConfig.on("127.0.0.1"), new NoOpRpcHandler());
  private final INDArray array = Nd4j.ones(4, 4);

  @AfterEach
  void close() {
    stranger.close();
    link.close();
  }

  private TransportClient greeted(int rank) throws Exception {
    TransportClient client = stranger.connect(address);
    client.sendRpcSync(Handshake.hello(address.link(), rank).encode(), 20_000);
    return client;
  }

  private void upload(TransportClient client, UUID to, ByteBuffer bytes) throws Exception {
    upload(client, FrameHeader.of(to, 1, TAG, array).encode(), bytes);
  }

  private static void upload(TransportClient client, ByteBuffer header, ByteBuffer bytes)
      throws Exception {
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    client.uploadStream(
        new NioManagedBuffer(header),
        new NioManagedBuffer(bytes),
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer response) {
            outcome.complete(null);
          }

          @Override
          public void onFailure(Throwable e) {
            outcome.completeExceptionally(e);
          }
        });
    outcome.get();
  }

  @Test
  void aFrameForAnotherLinkIsRefusedAndItsConnectionCut() throws Exception {
    TransportClient client = greeted(1);
    ExecutionException refusal =
        assertThrows(
            ExecutionException.class,
            () -> upload(client, UUID.randomUUID(), Tensors.memory(array)));
    assertTrue(refusal.getMessage().contains("earlier attempt"), refusal.getMessage());
    client.getChannel().closeFuture().await();
    assertEquals(0, link.stats().framesReceived());
  }

  @Test
  void aFrameBeforeTheGreetingIsRefusedAndItsConnectionCut() throws Exception {
    TransportClient client = stranger.connect(address);
    assertThrows(
        ExecutionException.class, () -> upload(client, address.link(), Tensors.memory(array)));
    client.getChannel().closeFuture().await();
    assertEquals(0, link.stats().framesReceived());
    link.post(TAG); // and the link is none the worse
    TransportClient again = greeted(1);
    upload(again, address.link(), Tensors.memory(array));
    assertEquals(array, link.receive(TAG, () -> false).array());
  }

  @Test
  void aFrameOfAnotherRankThanTheOneThatGreetedIsRefused() throws Exception {
    TransportClient client = greeted(2);
    ExecutionException refusal =
        assertThrows(
            ExecutionException.class, () -> upload(client, address.link(), Tensors.memory(array)));
    assertTrue(refusal.getMessage().contains("rank 1 has not greeted"), refusal.getMessage());
  }

  @Test
  void aFrameLargerThanThePlansLargestIsRefusedBeforeItIsAllocated() throws Exception {
    TransportClient client = greeted(1);
    // 2 GB, of which no byte need follow: what a header announces used to be allocated.
    FrameHeader huge =
        new FrameHeader(address.link(), 1, TAG, DataType.FLOAT, 'c', new long[] {500_000_000});
    ExecutionException refusal =
        assertThrows(
            ExecutionException.class, () -> upload(client, huge.encode(), Tensors.memory(array)));
    String told = refusal.getMessage();
    assertTrue(told.contains("of 1.9 GiB; the largest frame of this plan has 64 B"), told);
    client.getChannel().closeFuture().await();
    // The rank that was meant for learns why it will wait in vain.
    String cause =
        assertThrows(LinkException.class, () -> link.receive(TAG, () -> false)).getMessage();
    assertTrue(
        cause.contains("rank 1 at 127.0.0.1:") && cause.contains("it sent the activation"), cause);
  }

  @Test
  void aFrameWithTooFewBytesIsNotDelivered() throws Exception {
    TransportClient client = greeted(1);
    ByteBuffer half = Tensors.memory(array).limit(32);
    assertThrows(ExecutionException.class, () -> upload(client, address.link(), half));
    assertEquals(0, link.stats().framesReceived());
  }

  @Test
  void aGreetingForAnotherLinkIsRefused() throws Exception {
    TransportClient client = stranger.connect(address);
    ByteBuffer forged = Handshake.goodbye(UUID.randomUUID(), 1, "all is lost").encode();
    assertThrows(RuntimeException.class, () -> client.sendRpcSync(forged, 5000));
    client.getChannel().closeFuture().await();
  }

  @Test
  void aRankWhoseConnectionToUsBreaksIsMissed() throws Exception {
    greeted(3).getChannel().close();
    LinkException ended = assertThrows(LinkException.class, () -> link.receive(TAG, () -> false));
    LostPeerException lost = assertInstanceOf(LostPeerException.class, ended.getCause());
    assertEquals(LostPeerException.Loss.CONNECTION, lost.loss());
    assertEquals(3, lost.rank());
    assertEquals("broke: the other side closed it", lost.how());
  }

  @Test
  void nothingCanBeFetched() throws Exception {
    TransportClient client = stranger.connect(address);
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    client.fetchChunk(
        1,
        0,
        new org.apache.spark.network.client.ChunkReceivedCallback() {
          @Override
          public void onSuccess(int chunk, org.apache.spark.network.buffer.ManagedBuffer data) {
            outcome.complete(null);
          }

          @Override
          public void onFailure(int chunk, Throwable e) {
            outcome.completeExceptionally(e);
          }
        });
    assertThrows(ExecutionException.class, outcome::get);
  }

  @Test
  void aPeerThatHoldsAnOldAddressCannotConnect() {
    Address stale = new Address(address.host(), address.port(), address.jvm(), UUID.randomUUID());
    try (Link late = Links.open(LinkConfig.on("127.0.0.1").overNetwork())) {
      String message =
          assertThrows(LinkException.class, () -> late.connect(0, List.of(late.address(), stale)))
              .getMessage();
      assertTrue(message.contains("cannot reach rank 1 at " + address.hostAndPort()), message);
      assertTrue(message.contains("earlier attempt"), message);
    }
    assertFalse(address.equals(stale));
  }

  /** What a peer may get wrong: words of the refusal, and the frame. */
  static Stream<Arguments> wrongFrames() {
    Tag next = new Tag(new Channel.Activation(1), 6, 0);
    long[] right = {4, 3};
    return Stream.of(
        arguments(
            "a second time", 0, new Tag(new Channel.Activation(1), 5, 0), DataType.FLOAT, right),
        arguments(
            "that one is over", 0, new Tag(new Channel.Activation(1), 4, 1), DataType.FLOAT, right),
        arguments(
            "apart at most", 0, new Tag(new Channel.Activation(1), 9, 0), DataType.FLOAT, right),
        arguments(
            "no rank sends to this one",
            0,
            new Tag(new Channel.Activation(2), 6, 0),
            DataType.FLOAT,
            right),
        arguments(
            "no rank sends to this one",
            0,
            new Tag(new Channel.Probe(1), 6, 0),
            DataType.FLOAT,
            right),
        arguments(
            "which rank 2 sends", 0, new Tag(new Channel.Gradient(1), 6, 0), DataType.FLOAT, right),
        arguments(
            "of which a step", 0, new Tag(new Channel.Activation(1), 6, 2), DataType.FLOAT, right),
        arguments("as DOUBLE [2, 3]", 0, next, DataType.DOUBLE, new long[] {2, 3}),
        arguments("as FLOAT [3, 4]", 0, next, DataType.FLOAT, new long[] {3, 4}),
        arguments("as FLOAT [12]", 0, next, DataType.FLOAT, new long[] {12}),
        arguments("of 60 B", 0, next, DataType.FLOAT, new long[] {5, 3}));
  }

  @ParameterizedTest
  @MethodSource("wrongFrames")
  void aFrameThatIsNotOfThePlanEndsTheLinkAndNamesWhoSentIt(
      String words, int rank, Tag tag, DataType type, long[] shape) throws Exception {
    FramePlan plan =
        FramePlan.of(
            List.of(
                new ExpectedFrame(
                    new Channel.Activation(1), 0, 2, DataType.FLOAT, 1, 4, List.of(3L), false),
                new ExpectedFrame(
                    new Channel.Gradient(1), 2, 2, DataType.FLOAT, 1, 4, List.of(3L), false)),
            2);
    try (Link planned = Links.open(LinkConfig.on("127.0.0.1").overNetwork().with(plan))) {
      UUID id = planned.address().link();
      TransportClient client = stranger.connect(planned.address());
      client.sendRpcSync(Handshake.hello(id, rank).encode(), 20_000);
      INDArray right = Nd4j.rand(DataType.FLOAT, 4, 3);
      Tag first = new Tag(new Channel.Activation(1), 5, 0);
      upload(client, FrameHeader.of(id, rank, first, right).encode(), Tensors.memory(right));
      assertEquals(right, planned.receive(first, () -> false).array());
      INDArray wrong = Nd4j.zeros(type, shape);
      ExecutionException refusal =
          assertThrows(
              ExecutionException.class,
              () ->
                  upload(
                      client,
                      FrameHeader.of(id, rank, tag, wrong).encode(),
                      Tensors.memory(wrong)));
      assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
      client.getChannel().closeFuture().await();
      LinkException ended =
          assertThrows(
              LinkException.class,
              () -> planned.receive(new Tag(new Channel.Activation(1), 5, 1), () -> false));
      LostPeerException lost = assertInstanceOf(LostPeerException.class, ended.getCause());
      assertEquals(LostPeerException.Loss.CONNECTION, lost.loss());
      assertEquals(rank, lost.rank());
      assertTrue(lost.address().startsWith("127.0.0.1:"), lost.address());
      assertTrue(lost.how().startsWith("was cut, for it sent " + tag), lost.how());
      assertTrue(lost.how().contains(words), lost.how());
      assertEquals(1, planned.stats().framesReceived());
    }
  }

  @Test
  void aSecondGreetingOfARankIsRefusedAndDoesTheFirstNoHarm() throws Exception {
    TransportClient first = greeted(1);
    try (Transport other = new Transport(LinkConfig.on("127.0.0.1"), new NoOpRpcHandler())) {
      TransportClient second = other.connect(address);
      assertThrows(
          RuntimeException.class,
          () -> second.sendRpcSync(Handshake.hello(address.link(), 1).encode(), 20_000));
      second.getChannel().closeFuture().await();
    }
    upload(first, address.link(), Tensors.memory(array));
    assertEquals(array, link.receive(TAG, () -> false).array());
  }
}
