package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.protocol.AbstractMessage;
import org.apache.spark.network.protocol.ChunkFetchRequest;
import org.apache.spark.network.protocol.Message;
import org.apache.spark.network.protocol.OneWayMessage;
import org.apache.spark.network.protocol.RpcFailure;
import org.apache.spark.network.protocol.RpcRequest;
import org.apache.spark.network.protocol.RpcResponse;
import org.apache.spark.network.protocol.StreamChunkId;
import org.apache.spark.network.protocol.StreamRequest;
import org.apache.spark.network.protocol.StreamResponse;
import org.junit.jupiter.api.Test;

class MessageFormsTest {
  private static final byte AUTH = (byte) 0xFB;
  private static final byte SASL = (byte) 0xEA;

  private static ByteBuf of(Message message, ByteBuffer body) {
    ByteBuf out = Unpooled.buffer();
    message.type().encode(out);
    message.encode(out);
    return out.writeBytes(body.duplicate());
  }

  private static ByteBuf request(ByteBuffer body) {
    return of(new RpcRequest(7, new NioManagedBuffer(body)), body);
  }

  private static ByteBuf auth(int... lengths) {
    ByteBuf body = Unpooled.buffer().writeByte(AUTH);
    for (int length : lengths) {
      body.writeInt(length).writeZero(Math.max(0, Math.min(length, 40)));
    }
    return request(body.nioBuffer());
  }

  private static ByteBuf upload(long bytes) {
    int type = Message.Type.UploadStream.id();
    return Unpooled.buffer()
        .writeByte(type)
        .writeLong(1)
        .writeInt(60)
        .writeZero(60)
        .writeLong(bytes);
  }

  private static String toStranger(ByteBuf message) {
    return MessageForms.REQUESTS.objection(message, false);
  }

  private static String toPeer(ByteBuf message) {
    return MessageForms.REQUESTS.objection(message, true);
  }

  @Test
  void handshakesAndSparksAuthenticationPass() {
    assertNull(toStranger(request(Handshake.hello(new UUID(1, 2), 3).encode())));
    assertNull(toStranger(auth(5, 16, 40)));
    ByteBuf sasl = Unpooled.buffer().writeByte(SASL).writeInt(3).writeZero(3 + 17);
    assertNull(toStranger(request(sasl.nioBuffer())));
    assertNull(toPeer(request(Handshake.goodbye(new UUID(1, 2), 3, "why").encode())));
    assertNull(toPeer(upload(400)));
  }

  /** Spark makes an array of such a length before it looks whether there is as much. */
  @Test
  void aLengthThatIsNotThereIsRefused() {
    int huge = Integer.MAX_VALUE - 8;
    assertNotNull(toStranger(auth(huge)));
    assertNotNull(toStranger(auth(5, huge)));
    assertNotNull(toStranger(auth(5, 16, huge)));
    assertNotNull(toStranger(auth(5, -1, 16)));
    assertNotNull(toStranger(auth(5, 16)));
    assertNotNull(toStranger(auth(5, 16, 16, 16)));
    ByteBuf sasl = Unpooled.buffer().writeByte(SASL).writeInt(huge).writeZero(20);
    assertNotNull(toStranger(request(sasl.nioBuffer())));
    assertNotNull(toStranger(request(ByteBuffer.allocate(0))));
    ByteBuf lying = request(Handshake.hello(new UUID(1, 2), 3).encode());
    assertNotNull(toPeer(lying.setInt(9, huge)));
    assertNotNull(toPeer(upload(400).setInt(9, huge)));
    assertNotNull(toPeer(upload(0)));
    assertNotNull(toPeer(upload(-4)));
  }

  @Test
  void aFrameIsForThoseWhoHaveGreeted() {
    assertEquals("sends a frame", toStranger(upload(400)));
  }

  @Test
  void whatNobodyHasToSendIsRefused() {
    ByteBuffer none = ByteBuffer.allocate(0);
    List<Message> others =
        List.of(
            new StreamRequest("a"),
            new ChunkFetchRequest(new StreamChunkId(1, 2)),
            new OneWayMessage(new NioManagedBuffer(none)),
            new RpcFailure(1, "no"),
            new StreamResponse("a", 8, null));
    for (Message one : others) {
      assertNotNull(toStranger(of(one, none)), one.toString());
      assertNotNull(toPeer(of(one, none)), one.toString());
    }
  }

  @Test
  void onlyOutcomesComeBack() {
    ByteBuffer body = ByteBuffer.wrap("fine".getBytes(StandardCharsets.UTF_8));
    AbstractMessage fine = new RpcResponse(1, new NioManagedBuffer(body));
    assertNull(MessageForms.REPLIES.objection(of(fine, body), false));
    ByteBuf failure = of(new RpcFailure(1, "no"), ByteBuffer.allocate(0));
    assertNull(MessageForms.REPLIES.objection(failure, false));
    assertNotNull(MessageForms.REPLIES.objection(failure.setInt(9, Integer.MAX_VALUE), false));
    assertNotNull(MessageForms.REPLIES.objection(request(body), false));
    assertNotNull(MessageForms.REPLIES.objection(upload(400), false));
  }
}
