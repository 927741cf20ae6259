package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.spark.network.util.TransportFrameDecoder;
import org.junit.jupiter.api.Test;

class BoundedFrameDecoderTest {
  private static final String NAME = TransportFrameDecoder.HANDLER_NAME;

  /** What a connection hands on: messages, and a stream behind each that begins with its length. */
  private static final class Heard extends ChannelInboundHandlerAdapter {
    private final List<byte[]> parts = new ArrayList<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
      ByteBuf message = (ByteBuf) data;
      byte[] bytes = new byte[message.readableBytes()];
      message.readBytes(bytes);
      message.release();
      parts.add(bytes);
      if (bytes[0] > 0) {
        byte[] stream = new byte[bytes[0]];
        parts.add(stream);
        TransportFrameDecoder decoder =
            (TransportFrameDecoder) context.channel().pipeline().get(NAME);
        decoder.setInterceptor(new Into(Unpooled.wrappedBuffer(stream).writerIndex(0)));
      }
    }
  }

  private record Into(ByteBuf stream) implements TransportFrameDecoder.Interceptor {
    @Override
    public boolean handle(ByteBuf in) {
      stream.writeBytes(in, Math.min(in.readableBytes(), stream.writableBytes()));
      return stream.isWritable();
    }

    @Override
    public void exceptionCaught(Throwable cause) {}

    @Override
    public void channelInactive() {}
  }

  private Heard heard;

  private EmbeddedChannel connection(int mostBytes) {
    heard = new Heard();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addLast(NAME, new TransportFrameDecoder()).addLast(heard);
    BoundedFrameDecoder.install(channel, mostBytes, (message, greeted) -> null, words -> false);
    return channel;
  }

  private static ByteBuf announcing(long bytes) {
    return Unpooled.buffer().writeLong(Long.BYTES + bytes);
  }

  @Test
  void messagesAndStreamsArriveHoweverTheyAreCut() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      List<byte[]> sent = new ArrayList<>();
      ByteBuf wire = Unpooled.buffer();
      for (int i = 0; i < 6; i++) {
        byte[] message = new byte[1 + random.nextInt(40)];
        random.nextBytes(message);
        sent.add(message);
        wire.writeLong(Long.BYTES + message.length).writeBytes(message);
        if (message[0] > 0) {
          byte[] stream = new byte[message[0]];
          random.nextBytes(stream);
          sent.add(stream);
          wire.writeBytes(stream);
        }
      }
      EmbeddedChannel channel = connection(64);
      while (wire.isReadable()) {
        int next = Math.min(wire.readableBytes(), 1 + random.nextInt(1 + round));
        channel.writeInbound(wire.readBytes(next));
      }
      assertEquals(sent.size(), heard.parts.size());
      for (int i = 0; i < sent.size(); i++) {
        assertArrayEquals(sent.get(i), heard.parts.get(i));
      }
    }
  }

  @Test
  void whatWasReadIsReleased() {
    EmbeddedChannel channel = connection(64);
    ByteBuf whole = announcing(3).writeBytes(new byte[3]);
    ByteBuf begun = announcing(30).writeBytes(new byte[3]);
    channel.writeInbound(whole, begun);
    assertEquals(0, whole.refCnt());
    assertEquals(0, begun.refCnt());
    channel.close();
  }

  @Test
  void aMessageAboveTheBoundIsRefusedWhenItIsAnnounced() {
    long[] wrong = {65, Integer.MAX_VALUE, Long.MAX_VALUE - 8, 0, -1, -9, -1L << 40};
    for (long bytes : wrong) {
      EmbeddedChannel channel = connection(64);
      ByteBuf announced = announcing(bytes);
      LinkException refusal =
          assertThrows(LinkException.class, () -> channel.writeInbound(announced));
      assertTrue(
          refusal.getMessage().contains(" " + new Bytes(bytes).up() + ","), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("has not greeted"), refusal.getMessage());
      assertEquals(0, announced.refCnt());
      ByteBuf more = Unpooled.buffer().writeBytes(new byte[100]);
      channel.writeInbound(more);
      assertEquals(0, more.refCnt());
      assertEquals(List.of(), heard.parts);
    }
  }

  @Test
  void aLengthInPiecesIsBoundedToo() {
    EmbeddedChannel channel = connection(64);
    ByteBuf length = announcing(65);
    channel.writeInbound(length.readRetainedSlice(5));
    assertThrows(LinkException.class, () -> channel.writeInbound(length));
  }

  @Test
  void whoHasGreetedMaySayMore() {
    EmbeddedChannel channel = connection(64);
    BoundedFrameDecoder decoder = BoundedFrameDecoder.of(channel);
    assertEquals(OptionalInt.empty(), decoder.greeted());
    decoder.admit(0);
    assertEquals(OptionalInt.of(0), decoder.greeted());
    channel.writeInbound(announcing(65).writeBytes(new byte[65]));
    assertEquals(65, heard.parts.get(0).length);
    assertNull(channel.readInbound());
    LinkException refusal =
        assertThrows(
            LinkException.class,
            () -> channel.writeInbound(announcing(BoundedFrameDecoder.PEERS_BYTES + 1)));
    assertTrue(refusal.getMessage().contains("rank 0 announces"), refusal.getMessage());
  }
}
