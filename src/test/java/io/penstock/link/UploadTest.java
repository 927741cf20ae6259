package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportResponseHandler;
import org.apache.spark.network.protocol.MessageEncoder;
import org.apache.spark.network.protocol.RpcResponse;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class UploadTest {
  private static final int ID_AT = Long.BYTES + 1;
  private final EmbeddedChannel channel = connected();
  private final TransportResponseHandler replies = new TransportResponseHandler(channel);
  private final TransportClient client = new TransportClient(channel, replies);
  private final INDArray array = Nd4j.rand(30, 7);
  private final List<Throwable> outcomes = new ArrayList<>();
  private final ByteBuffer header =
      FrameHeader.of(new UUID(1, 2), 3, new Tag(new Channel.Activation(1), 5, 2), array).encode();

  /** As Spark sets it up. */
  private static EmbeddedChannel connected() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addLast("encoder", MessageEncoder.INSTANCE);
    return channel;
  }

  private Upload upload() {
    return new Upload(client, -1, header.duplicate(), new TensorBuffer(array), outcomes::add);
  }

  private byte[] written() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WritableByteChannel out = Channels.newChannel(bytes);
    Object message;
    while ((message = channel.readOutbound()) != null) {
      if (message instanceof ByteBuf buffer) {
        out.write(buffer.nioBuffer());
      } else {
        FileRegion region = (FileRegion) message;
        while (region.transferred() < region.count()) {
          region.transferTo(out, region.transferred());
        }
      }
    }
    byte[] all = bytes.toByteArray();
    Arrays.fill(all, ID_AT, ID_AT + Long.BYTES, (byte) 0); // the request's number differs
    return all;
  }

  @Test
  void theBytesAreThoseOfSparksOwnUpload() throws Exception {
    client.uploadStream(
        new NioManagedBuffer(header.duplicate()), new TensorBuffer(array), upload());
    byte[] sparks = written();
    upload().start();
    channel.runPendingTasks();
    assertArrayEquals(sparks, written());
  }

  @Test
  void theBodyIsTheArraysOwnMemory() {
    upload().start();
    channel.runPendingTasks();
    ByteBuf head = channel.readOutbound();
    ByteBuf body = channel.readOutbound();
    assertEquals(array.data().pointer().address(), body.memoryAddress());
    assertEquals(array.length() * Float.BYTES, body.readableBytes());
    head.release();
  }

  @Test
  void whereBytesAreEncryptedSparksOwnWayIsTaken() {
    channel.pipeline().addFirst("encryption", new ChannelDuplexHandler());
    upload().start();
    assertInstanceOf(FileRegion.class, channel.readOutbound());
    assertNull(channel.readOutbound());
  }

  @Test
  void theOutcomeIsThePeersReply() throws Exception {
    upload().start();
    channel.runPendingTasks();
    assertEquals(List.of(), outcomes);
    replies.handle(new RpcResponse(-1, new NioManagedBuffer(ByteBuffer.allocate(0))));
    assertEquals(1, outcomes.size());
    assertNull(outcomes.get(0));
  }

  @Test
  void aFailedWriteFailsTheFrameOnceAndEndsTheConnection() {
    IOException broken = new IOException("broken pipe");
    channel
        .pipeline()
        .addLast(
            "socket",
            new ChannelDuplexHandler() {
              @Override
              public void write(
                  ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                promise.setFailure(broken);
              }
            });
    upload().start();
    channel.runPendingTasks();
    assertEquals(List.of(broken), outcomes);
    assertFalse(channel.isOpen());
    assertEquals(0, replies.numOutstandingRequests());
  }

  @Test
  void aConnectionThatHasEndedFailsTheFrameOnce() {
    channel.close();
    upload().start();
    channel.runPendingTasks();
    assertEquals(1, outcomes.size());
    assertInstanceOf(IOException.class, outcomes.get(0));
    assertEquals(0, replies.numOutstandingRequests());
  }
}
