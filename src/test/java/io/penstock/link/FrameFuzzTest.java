package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.fuzz.Inputs;
import io.penstock.fuzz.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.spark.network.protocol.Message;
import org.apache.spark.network.protocol.MessageDecoder;
import org.apache.spark.network.util.TransportFrameDecoder;
import org.nd4j.linalg.api.buffer.DataType;

/** What a peer may send that is no peer of ours, or not well. */
class FrameFuzzTest {
  private static final UUID LINK = new UUID(1, 2);
  private static final int SMALL = 64 << 10;
  private static final FrameBufferPool POOL = new FrameBufferPool(new HostTransfer());

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
    Tag tag = new Tag(new Channel.Activation(3), 1L << 40, 5);
    return bytes(new FrameHeader(LINK, 1, tag, type, ordering, shape).encode());
  }

  private static byte[] bytes(ByteBuffer encoded) {
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  @Provide
  Arbitrary<byte[]> headerBytes() {
    return Inputs.of(headers());
  }

  @Property(seed = "1")
  void everyHeaderIsReadOrRefused(@ForAll("headerBytes") byte[] bytes) throws Exception {
    Reading.of(
        bytes.length,
        Set.of(LinkException.class),
        () -> {
          byte[] again = bytes(FrameHeader.decode(ByteBuffer.wrap(bytes)).encode());
          assertEquals(ByteBuffer.wrap(bytes), ByteBuffer.wrap(again));
        });
  }

  @Provide
  Arbitrary<byte[]> handshakes() {
    return Inputs.of(
        List.of(
            bytes(Handshake.hello(LINK, 1).encode()),
            bytes(Handshake.goodbye(LINK, 0, "").encode()),
            bytes(Handshake.goodbye(LINK, 3, "Layer 3 \u00fcber all: out of memory").encode())));
  }

  @Property(seed = "1")
  void everyGreetingIsReadOrRefused(@ForAll("handshakes") byte[] bytes) throws Exception {
    Reading.of(
        bytes.length,
        Set.of(LinkException.class),
        () -> {
          Handshake handshake = Handshake.decode(ByteBuffer.wrap(bytes));
          assertEquals(handshake, Handshake.decode(handshake.encode()));
        });
  }

  @Property(seed = "1")
  void everyFrameIsDeliveredWholeOrRefused(@ForAll("headerBytes") byte[] bytes, @ForAll int chance)
      throws Exception {
    Random random = new Random(chance);
    Reading.of(
        SMALL,
        Set.of(LinkException.class, LostPeerException.class, IOException.class),
        () -> {
          FrameHeader header = FrameHeader.decode(ByteBuffer.wrap(bytes));
          Inbox inbox = new Inbox(new Traffic(), FramePlan.upTo(SMALL));
          inbox.admit(header.fromRank(), "", header.tag(), header.type(), header.shape());
          FrameSink sink = new FrameSink(header, "a peer", inbox, POOL);
          int wrong = random.nextInt(8) == 0 ? random.nextInt(9) - 4 : 0;
          ByteBuffer body = ByteBuffer.allocate(Math.max(0, (int) header.bytes() + wrong));
          for (ByteBuffer chunk : chunks(body, random)) {
            sink.onData("frame", chunk);
          }
          sink.onComplete("frame");
          inbox.await(header.tag(), () -> false).close();
        });
  }

  @Provide
  Arbitrary<byte[]> streams() {
    return Inputs.of(List.of(messages(1, 40), messages(7, 100, 3), messages(4000)));
  }

  @Property(seed = "1")
  void everyStreamOfMessagesIsCutOrRefused(@ForAll("streams") byte[] bytes, @ForAll int chance)
      throws Exception {
    Reading.of(
        bytes.length,
        Set.of(LinkException.class),
        () -> {
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
          try {
            for (ByteBuffer chunk : chunks(ByteBuffer.wrap(bytes), new Random(chance))) {
              channel.writeInbound(Unpooled.copiedBuffer(chunk));
            }
            channel.checkException();
          } finally {
            channel.close();
          }
          assertEquals(lengthsOf(bytes), lengths);
        });
  }

  @Provide
  Arbitrary<byte[]> sparksMessages() {
    List<byte[]> good = new ArrayList<>();
    byte[] auth = {(byte) 0xFB, 0, 0, 0, 2, 'i', 'd', 0, 0, 0, 1, 7, 0, 0, 0, 3, 1, 2, 3};
    byte[] sasl = {(byte) 0xEA, 0, 0, 0, 2, 'i', 'd', 5, 6, 7};
    for (byte[] body : List.of(auth, sasl, bytes(Handshake.hello(LINK, 1).encode()))) {
      ByteBuf request = Unpooled.buffer().writeByte(3).writeLong(1).writeInt(body.length);
      good.add(bytes(request.writeBytes(body).nioBuffer()));
    }
    byte[] header = headers().get(0);
    ByteBuf upload = Unpooled.buffer().writeByte(10).writeLong(1).writeInt(header.length);
    good.add(bytes(upload.writeBytes(header).writeLong(24).nioBuffer()));
    byte[] failure = {5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 'n', 'o'};
    good.add(failure);
    good.add(new byte[] {4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 9});
    return Inputs.of(good);
  }

  /** Of what has the form, Spark's own decoder makes a message, and takes no more memory for it. */
  @Property(seed = "1")
  void whatHasTheFormOfAMessageIsOneToSpark(
      @ForAll("sparksMessages") byte[] bytes, @ForAll boolean greeted) throws Exception {
    Reading.of(
        bytes.length,
        Set.of(LinkException.class),
        () -> {
          ByteBuf message = Unpooled.wrappedBuffer(bytes);
          boolean refused = !message.isReadable();
          for (MessageForms form : refused ? new MessageForms[0] : MessageForms.values()) {
            if (form.objection(message, greeted) == null) {
              EmbeddedChannel spark = new EmbeddedChannel(MessageDecoder.INSTANCE);
              spark.writeInbound(message.retainedDuplicate());
              assertInstanceOf(Message.class, spark.readInbound());
              spark.close();
              return;
            }
          }
          throw new LinkException("of no form");
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
