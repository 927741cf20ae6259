package io.penstock.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.penstock.Bytes;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.apache.spark.network.util.TransportFrameDecoder;

/**
 * Netty decoder that cuts what comes over one connection into Spark's messages, as Spark's own
 * does, but takes none that announces more bytes than a bound: Spark's would gather up to 2 GiB of
 * a message for whoever has found the port, before anybody is authenticated. No message of a link
 * needs more than some hundred bytes, for an array follows its message as a stream, which goes
 * straight to the array's own memory. A connection that announces more is closed, with nothing kept
 * of it, and so is one whose message is of none of the {@link MessageForms}. For the connection's
 * own thread only.
 */
final class BoundedFrameDecoder extends TransportFrameDecoder {
  /** Bytes of a message before the handshake: authentication, by either of Spark's ways. */
  static final int STRANGERS_BYTES = 8 << 10;

  /**
   * Bytes of a message of a peer, and of what comes back from one: a failure is sent with its whole
   * stack.
   */
  static final int PEERS_BYTES = 1 << 20;

  /** Form that messages must have. */
  @FunctionalInterface
  interface Form {
    /**
     * Returns why a whole message goes no further, in words that follow who sends it; null if it
     * may.
     *
     * @param greeted whether a rank's handshake has come over the connection
     */
    String objection(ByteBuf message, boolean greeted);
  }

  /** No handshake has come. */
  private static final int NOBODY = -1;

  private final Form form;
  private final Predicate<String> strangers;
  private int mostBytes;
  private int greeted = NOBODY;

  /**
   * The part of a message's length, and then of the message, that has come; null between messages.
   */
  private ByteBuf begun;

  private Interceptor stream;
  private boolean refused;

  private BoundedFrameDecoder(int mostBytes, Form form, Predicate<String> strangers) {
    this.mostBytes = mostBytes;
    this.form = form;
    this.strangers = strangers;
  }

  /**
   * Takes the place of Spark's decoder in a connection over which nothing has come yet.
   *
   * @param strangers told why a connection is refused, in words that follow whose it is; returns
   *     whether it has cut it off, as a stranger's. Else the refusal is thrown.
   */
  static void install(Channel channel, int mostBytes, Form form, Predicate<String> strangers) {
    channel
        .pipeline()
        .replace(HANDLER_NAME, HANDLER_NAME, new BoundedFrameDecoder(mostBytes, form, strangers));
  }

  /** Returns the decoder of a connection. */
  static BoundedFrameDecoder of(Channel channel) {
    return (BoundedFrameDecoder) channel.pipeline().get(HANDLER_NAME);
  }

  /** Admits longer messages: this rank's handshake has come. */
  void admit(int rank) {
    greeted = rank;
    mostBytes = PEERS_BYTES;
  }

  /** Returns the rank whose handshake came over this connection; empty before that. */
  OptionalInt greeted() {
    return greeted == NOBODY ? OptionalInt.empty() : OptionalInt.of(greeted);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object data) throws Exception {
    ByteBuf in = (ByteBuf) data;
    try {
      while (in.isReadable() && !refused) {
        if (stream == null) {
          readMessage(context, in);
        } else if (!stream.handle(in)) {
          stream = null;
        }
      }
    } finally {
      in.release();
    }
  }

  private void readMessage(ChannelHandlerContext context, ByteBuf in) {
    if (begun == null && in.readableBytes() >= Long.BYTES) {
      int length = length(in.getLong(in.readerIndex()));
      if (length > 0 && in.readableBytes() >= Long.BYTES + length) { // as nearly always: no copy
        handOn(context, in.skipBytes(Long.BYTES).readRetainedSlice(length));
        return;
      }
    }
    if (refused) {
      return;
    }
    if (begun == null) {
      begun = Unpooled.buffer(Long.BYTES);
    }
    int lacking = Long.BYTES - begun.writerIndex();
    if (lacking <= 0) {
      lacking += length(begun.getLong(0));
    }
    begun.writeBytes(in, Math.min(lacking, in.readableBytes()));
    if (begun.writerIndex() < Long.BYTES) {
      return;
    }
    int length = length(begun.getLong(0));
    if (!refused && begun.writerIndex() == Long.BYTES + length) {
      ByteBuf message = begun.skipBytes(Long.BYTES);
      begun = null;
      handOn(context, message);
    }
  }

  private void handOn(ChannelHandlerContext context, ByteBuf message) {
    String objection = form.objection(message, greeted != NOBODY);
    if (objection == null) {
      context.fireChannelRead(message);
    } else {
      message.release();
      refuse(objection);
    }
  }

  /**
   * Returns the bytes of a message, and 0 of one that is refused; what announces it counts in its
   * own eight.
   */
  private int length(long announced) {
    long length = announced - Long.BYTES;
    if (length < 1 || length > mostBytes) {
      refuse(
          "announces a message of "
              + new Bytes(length).up()
              + ", and may send up to "
              + new Bytes(mostBytes).down());
      return 0;
    }
    return (int) length;
  }

  private void refuse(String why) {
    refused = true;
    String who = greeted == NOBODY ? "has not greeted and " : "";
    if (!strangers.test(who + why)) {
      throw new LinkException(
          "Refused: "
              + (greeted == NOBODY ? "whoever " + who : "rank " + greeted + " ")
              + why
              + ".");
    }
  }

  @Override
  public void setInterceptor(Interceptor interceptor) {
    if (stream != null) {
      throw new IllegalStateException("A stream begins before the one before it has ended.");
    }
    stream = interceptor;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (stream != null) {
      stream.channelInactive();
    }
    super.channelInactive(context);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) throws Exception {
    if (begun != null) {
      begun.release();
      begun = null;
    }
    super.handlerRemoved(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
    if (stream != null) {
      stream.exceptionCaught(cause);
    }
    super.exceptionCaught(context, cause);
  }
}
