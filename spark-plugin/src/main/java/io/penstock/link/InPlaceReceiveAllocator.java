package io.penstock.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Receive buffers of one connection, chosen so that frames need no copy. While a frame is coming
 * in, the socket is read straight into the memory of its array; between frames, where a header is
 * due, into a small buffer. If anything stands between socket and frame decoder, such as
 * decryption, all bytes are read into large buffers and copied. For the connection's own thread
 * only.
 */
final class InPlaceReceiveAllocator extends DefaultMaxMessagesRecvByteBufAllocator {
  // A header, and little of the body, for that is copied.
  private static final int HEAD = 4 << 10;
  // Many small frames at once: to copy them costs less than a read of each.
  private static final int SMALL = 64 << 10;
  // Encrypted frames: larger reads go faster, but a MiB would leave the processor's cache.
  private static final int LARGE = 256 << 10;

  private final Channel channel;
  private FrameSink frame;
  private int largest = HEAD; // whoever has not sent a frame yet has said little

  private InPlaceReceiveAllocator(Channel channel) {
    this.channel = channel;
  }

  /** Takes over the reads of a connection. */
  static void install(Channel channel) {
    channel.config().setRecvByteBufAllocator(new InPlaceReceiveAllocator(channel));
  }

  /**
   * Notes that the next bytes of this connection, up to the frame's last, are those of its array.
   */
  static void expect(Channel channel, FrameSink frame) {
    if (channel.config().getRecvByteBufAllocator() instanceof InPlaceReceiveAllocator allocator) {
      allocator.frame = frame;
      allocator.largest = frame.remaining() < SMALL ? SMALL : HEAD;
    }
  }

  /** Returns whether nothing stands between Spark's encoder and the socket. */
  static boolean isPlain(Channel channel) {
    // Spark puts its encoder first, and whatever encrypts before that.
    ChannelHandlerContext first = channel.pipeline().firstContext();
    return first != null && first.name().equals("encoder"); // null: the connection has ended
  }

  @Override
  public Handle newHandle() {
    return new Reads();
  }

  private final class Reads extends MaxMessageHandle {
    private boolean inPlace;

    @Override
    public int guess() {
      return isPlain(channel) ? largest : LARGE;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
      if (frame != null && frame.remaining() == 0) {
        frame = null; // its array is the receiver's now
      }
      inPlace = frame != null && isPlain(channel);
      return inPlace ? frame.place() : alloc.ioBuffer(guess());
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      if (inPlace && bytes > 0) {
        frame.placed(bytes);
      }
    }
  }
}
