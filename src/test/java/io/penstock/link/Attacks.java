package io.penstock.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.nd4j.linalg.api.buffer.DataType;

/** What strangers may send to a port that they have found. */
public final class Attacks {
  private Attacks() {}

  /** A message of Spark's: its length, its type, the rest. */
  private static byte[] message(int type, ByteBuf rest) {
    ByteBuf out = Unpooled.buffer().writeLong(Long.BYTES + 1 + rest.readableBytes());
    return bytes(out.writeByte(type).writeBytes(rest));
  }

  private static byte[] request(ByteBuf body) {
    return message(
        3, Unpooled.buffer().writeLong(1).writeInt(body.readableBytes()).writeBytes(body));
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  /** Each makes Spark alone take memory, or wait, or is what no peer sends. */
  public static List<byte[]> all() {
    int huge = Integer.MAX_VALUE - 8;
    UUID guess = UUID.randomUUID();
    byte[] noise = new byte[500];
    new Random(3).nextBytes(noise);
    Tag tag = new Tag(new Channel.Activation(1), 0, 0);
    ByteBuffer header =
        new FrameHeader(guess, 0, tag, DataType.FLOAT, 'c', new long[] {100, 10}).encode();
    ByteBuf upload =
        Unpooled.buffer()
            .writeLong(1)
            .writeInt(header.remaining())
            .writeBytes(header)
            .writeLong(4000);
    byte[] half = request(Unpooled.wrappedBuffer(Handshake.hello(guess, 0).encode()));
    return List.of(
        noise,
        bytes(Unpooled.buffer().writeLong(Integer.MAX_VALUE)),
        bytes(Unpooled.buffer().writeLong(-1)),
        "GET / HTTP/1.1\r\nHost: penstock\r\n\r\n".getBytes(StandardCharsets.UTF_8),
        message(6, Unpooled.buffer().writeInt(huge)), // the name of a stream
        message(5, Unpooled.buffer().writeLong(1).writeInt(huge)), // a failure's text
        message(11, Unpooled.buffer().writeInt(huge)),
        message(10, upload),
        request(Unpooled.buffer().writeByte(0xFB).writeInt(huge)), // authentication
        request(Unpooled.buffer().writeByte(0xFB).writeInt(1).writeByte(65).writeInt(huge)),
        request(Unpooled.buffer().writeByte(0xEA).writeInt(huge)),
        request(Unpooled.wrappedBuffer(Handshake.hello(guess, 0).encode())),
        request(Unpooled.wrappedBuffer(Handshake.goodbye(guess, 0, "all is lost").encode())),
        Arrays.copyOf(half, half.length / 2));
  }
}
