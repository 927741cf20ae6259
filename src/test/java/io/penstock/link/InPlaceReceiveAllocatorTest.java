package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.RecvByteBufAllocator.Handle;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.UUID;
import org.apache.spark.network.protocol.MessageEncoder;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class InPlaceReceiveAllocatorTest {
  private static final Tag TAG = new Tag(new Channel.Activation(1), 0, 0);
  private final Inbox inbox = new Inbox(new Traffic());
  private final INDArray sent = Nd4j.rand(100, 10);
  private final byte[] bytes = SampleArrays.bytes(sent);
  private final FrameSink sink =
      new FrameSink(
          FrameHeader.of(new UUID(1, 2), 0, TAG, sent),
          "h:1",
          inbox,
          new FrameBufferPool(new HostTransfer()));
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private Handle reads;

  /** A connection as Spark sets it up. */
  private void connect() {
    channel.pipeline().addLast("encoder", MessageEncoder.INSTANCE);
    InPlaceReceiveAllocator.install(channel);
    reads = channel.config().getRecvByteBufAllocator().newHandle();
    reads.reset(channel.config());
  }

  /**
   * What Netty does when so many bytes have come; the rest of the pipeline hands on all of them.
   */
  @SuppressWarnings("deprecation") // the interface is how Netty reads
  private ByteBuf read(int from, int count) {
    ByteBuf buffer = reads.allocate(channel.alloc());
    buffer.writeBytes(bytes, from, count);
    reads.lastBytesRead(count);
    return buffer;
  }

  private void handOver(ByteBuf buffer) throws IOException {
    sink.onData("", buffer.nioBuffer());
    buffer.release();
  }

  @Test
  void aFramesBytesAreReadWhereTheyBelong() throws Exception {
    connect();
    handOver(read(0, 100)); // came with the header
    assertEquals(bytes.length - 100, sink.remaining());
    InPlaceReceiveAllocator.expect(channel, sink);
    ByteBuf next = read(100, 1000);
    long start = next.memoryAddress();
    handOver(next);
    ByteBuf last = read(1100, bytes.length - 1100);
    assertEquals(start, last.memoryAddress());
    assertFalse(last.isWritable());
    handOver(last);
    sink.onComplete("");
    INDArray received = inbox.await(TAG, () -> false).array();
    assertEquals(sent, received);
    assertEquals(received.data().pointer().address(), start);
  }

  @Test
  void afterAFrameAHeaderIsDueAndNotItsArray() throws Exception {
    connect();
    InPlaceReceiveAllocator.expect(channel, sink);
    ByteBuf whole = read(0, bytes.length);
    long start = whole.memoryAddress();
    handOver(whole);
    assertEquals(0, sink.remaining());
    ByteBuf next = reads.allocate(channel.alloc());
    assertNotEquals(start, next.memoryAddress());
    assertTrue(next.isWritable());
    next.release();
  }

  @Test
  void whereBytesAreDecryptedTheyAreCopied() throws Exception {
    connect();
    channel.pipeline().addFirst("decryption", new ChannelDuplexHandler());
    InPlaceReceiveAllocator.expect(channel, sink);
    ByteBuf ciphered = read(0, bytes.length);
    long start = ciphered.memoryAddress();
    handOver(ciphered);
    sink.onComplete("");
    INDArray received = inbox.await(TAG, () -> false).array();
    assertEquals(sent, received);
    assertNotEquals(received.data().pointer().address(), start);
  }

  @Test
  void bytesReadInPlaceMustAllBeHandedOver() {
    connect();
    InPlaceReceiveAllocator.expect(channel, sink);
    ByteBuf part = read(0, 100).writerIndex(99);
    assertThrows(IOException.class, () -> handOver(part));
  }

  @Test
  void aFrameThatIsShortTakesNothingMore() {
    connect();
    InPlaceReceiveAllocator.expect(channel, sink);
    assertThrows(IOException.class, () -> sink.onComplete(""));
    assertEquals(0, sink.remaining());
  }
}
