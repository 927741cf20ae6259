package io.penstock.link;

import io.netty.buffer.ByteBuf;
import org.apache.spark.network.protocol.Message;

/**
 * Forms of Spark's messages that a link has a use for. Spark reads a string or an array by the
 * length that the message says, and allocates it first: a message of twenty bytes makes it ask for
 * 2 GiB, before anybody is authenticated. So each message is looked through before it gets to
 * Spark: those that nobody has to send here, and those whose lengths are not what they have, go no
 * further. Stateless.
 */
enum MessageForms implements BoundedFrameDecoder.Form {
  /** Messages that come to a link's port: requests, and frames of those who have greeted. */
  REQUESTS {
    @Override
    public String objection(ByteBuf message, boolean greeted) {
      int type = message.getByte(message.readerIndex());
      if (type == Message.Type.RpcRequest.id()) {
        int body = message.readerIndex() + HEAD;
        boolean sound = endsWith(message, HEAD - Integer.BYTES);
        return sound && (greeted || isBeginning(message, body)) ? null : UNSOUND;
      }
      if (type == Message.Type.UploadStream.id()) {
        return !greeted ? "sends a frame" : isUpload(message) ? null : UNSOUND;
      }
      return "sends a message of type " + type;
    }
  },

  /** Messages that come back on a connection that was made from here: outcomes of requests. */
  REPLIES {
    @Override
    public String objection(ByteBuf message, boolean greeted) {
      int type = message.getByte(message.readerIndex());
      if (type == Message.Type.RpcResponse.id() || type == Message.Type.RpcFailure.id()) {
        return endsWith(message, HEAD - Integer.BYTES) ? null : UNSOUND;
      }
      return "sends a message of type " + type;
    }
  };

  private static final String UNSOUND = "sends a message whose lengths are not what it has";

  /** Bytes before the body: type, number of the request, length of the body. */
  private static final int HEAD = 1 + Long.BYTES + Integer.BYTES;

  // The first byte of Spark's messages of authentication, which it keeps to itself.
  private static final byte AUTH = (byte) 0xFB;
  private static final byte SASL = (byte) 0xEA;

  /** Arrays in a message of Spark's own authentication: application, salt, challenge. */
  private static final int AUTH_PARTS = 3;

  /** Returns whether an array whose length is said at this place takes all the rest. */
  private static boolean endsWith(ByteBuf message, int place) {
    return message.readableBytes() >= place + Integer.BYTES
        && message.getInt(message.readerIndex() + place)
            == message.readableBytes() - place - Integer.BYTES;
  }

  /** Returns whether a header follows by its length, and the length of the array's bytes. */
  private static boolean isUpload(ByteBuf message) {
    int header = message.readableBytes() - HEAD - Long.BYTES;
    return header >= 0
        && message.getInt(message.readerIndex() + HEAD - Integer.BYTES) == header
        && message.getLong(message.writerIndex() - Long.BYTES) > 0;
  }

  /** Returns whether a request is a handshake or one of authentication, of sound lengths. */
  private static boolean isBeginning(ByteBuf message, int body) {
    if (body == message.writerIndex()) {
      return false;
    }
    return switch (message.getByte(body)) {
      case AUTH -> parts(message, body + 1, AUTH_PARTS) == message.writerIndex();
      case SASL -> parts(message, body + 1, 1) >= 0;
      default -> message.getByte(body) >= 0;
    };
  }

  /** Returns the place behind arrays that each begin with their length; -1 if they are not here. */
  private static int parts(ByteBuf message, int from, int count) {
    int at = from;
    for (int part = 0; part < count; part++) {
      int rest = message.writerIndex() - at - Integer.BYTES;
      if (rest < 0) {
        return -1;
      }
      int length = message.getInt(at);
      if (length < 0 || length > rest) {
        return -1;
      }
      at += Integer.BYTES + length;
    }
    return at;
  }
}
