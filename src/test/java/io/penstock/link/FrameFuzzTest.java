package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.fuzz.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.network.util.TransportFrameDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;

/** What a peer may send that is no peer of ours, or not well. */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameFuzzTest {
  private static final UUID LINK = new UUID(1, 2);
  private static final int SMALL = 64 << 10;

  private static List<byte[]> headers() {
    List<byte[]> good = new ArrayList<>();
    for (DataType type :
        List.of(DataType.FLOAT, DataType.BFLOAT16, DataType.DOUBLE, DataType.INT)) {
      good.add(header(type, 'c', 2, 3));
      good.add(header(type, 'f', 1));
      good.add(header(type, 'c', 4, 1, 2, 5));
    }
    return good;
  }

  private static byte[] header(DataType type, char ordering, long... shape) {
    Tag tag = new Tag('F', 3, 1L << 40, 5);
    return bytes(new FrameHeader(LINK, 1, tag, type, ordering, shape).encode());
  }

  private static byte[] bytes(ByteBuffer encoded) {
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  @Test
  void everyHeaderIsReadOrRefused() {
    Fuzz.run(
        1,
        headers(),
        Set.of(LinkException.class),
        input -> {
          byte[] bytes = input.bytes();
          byte[] again = bytes(FrameHeader.decode(ByteBuffer.wrap(bytes)).encode());
          assertEquals(ByteBuffer.wrap(bytes), ByteBuffer.wrap(again));
        });
  }

  @Test
  void everyGreetingIsReadOrRefused() {
    List<byte[]> good =
        List.of(
            bytes(Handshake.hello(LINK, 1).encode()),
            bytes(Handshake.goodbye(LINK, 0, "").encode()),
            bytes(Handshake.goodbye(LINK, 3, "Layer 3 \u00fcber all: out of memory").encode()));
    Fuzz.run(
        1,
        good,
        Set.of(LinkException.class),
        input -> {
          Handshake handshake = Handshake.decode(ByteBuffer.wrap(input.bytes()));
          assertEquals(handshake, Handshake.decode(handshake.encode()));
        });
  }

  @Test
  void everyFrameIsDeliveredWholeOrRefused() {
    FrameBufferPool pool = new FrameBufferPool(new HostTransfer());
    Fuzz.run(
        1,
        headers(),
        Set.of(LinkException.class, IOException.class),
        input -> {
          FrameHeader header = FrameHeader.decode(ByteBuffer.wrap(input.bytes()));
          if (header.bytes() > SMALL) { // more than any frame of a plan: FrameRpcHandler refuses it
            throw new LinkException("too large");
          }
          Inbox inbox = new Inbox(new Traffic());
          FrameSink sink = new FrameSink(header, "a peer", inbox, pool);
          Random random = input.mutator().random();
          int wrong = random.nextInt(8) == 0 ? random.nextInt(9) - 4 : 0;
          ByteBuffer body = ByteBuffer.allocate(Math.max(0, (int) header.bytes() + wrong));
          for (ByteBuffer chunk : chunks(body, random)) {
            sink.onData("frame", chunk);
          }
          sink.onComplete("frame");
          inbox.await(header.tag(), () -> false).close();
        });
  }

  @Test
  void everyStreamOfMessagesIsCutOrRefused() {
    List<byte[]> good = List.of(messages(1, 40), messages(7, 100, 3), messages(4000));
    Fuzz.run(
        1,
        good,
        Set.of(LinkException.class),
        input -> {
          List<Integer> lengths = new ArrayList<>();
          EmbeddedChannel channel =
              new EmbeddedChannel(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                      ByteBuf bytes = (ByteBuf) message;
                      lengths.add(bytes.readableBytes());
                      bytes.release();
                    }
                  });
          channel
              .pipeline()
              .addFirst(TransportFrameDecoder.HANDLER_NAME, new TransportFrameDecoder());
          BoundedFrameDecoder.install(
              channel,
              BoundedFrameDecoder.STRANGERS_BYTES,
              (message, greeted) -> null,
              refusal -> false);
          byte[] bytes = input.bytes();
          List<ByteBuffer> chunks = chunks(ByteBuffer.wrap(bytes), input.mutator().random());
          try {
            for (ByteBuffer chunk : chunks) {
              channel.writeInbound(Unpooled.copiedBuffer(chunk));
            }
            channel.checkException();
          } finally {
            channel.close();
          }
          assertEquals(lengthsOf(bytes), lengths);
        });
  }

  private static byte[] messages(int... lengths) {
    ByteBuffer out = ByteBuffer.allocate(Arrays.stream(lengths).map(one -> one + 8).sum());
    for (int length : lengths) {
      out.putLong(length + 8).put(new byte[length]);
    }
    return out.array();
  }

  /** Of whole messages. */
  private static List<Integer> lengthsOf(byte[] bytes) {
    List<Integer> lengths = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.remaining() >= Long.BYTES) {
      long length = in.getLong() - Long.BYTES;
      if (in.remaining() < length) {
        break;
      }
      lengths.add((int) length);
      in.position(in.position() + (int) length);
    }
    return lengths;
  }

  private static List<ByteBuffer> chunks(ByteBuffer whole, Random random) {
    List<ByteBuffer> chunks = new ArrayList<>();
    while (whole.hasRemaining()) {
      int length = Math.min(whole.remaining(), 1 + random.nextInt(64));
      chunks.add(whole.slice(whole.position(), length));
      whole.position(whole.position() + length);
    }
    return chunks;
  }
}
