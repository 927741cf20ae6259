package io.penstock.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.TimeUnit;
import org.apache.spark.network.protocol.RpcResponse;

/**
 * Batching of the confirmations of small frames, which wait for each other on their way back over
 * one connection. Each alone is a write here, a read on the other side, and often wakes a thread
 * for that: a tenth of the processor time that a small frame takes of the links' threads. And
 * nobody is in a hurry for it: it gives the sender a little memory back. None waits longer than
 * {@link #MILLIS}, and whatever else is written takes all along. For the connection's own thread,
 * but for {@link #hurry}.
 */
final class Confirmations extends ChannelOutboundHandlerAdapter {
  /** Bytes of the largest frame whose memory its sender can wait for. */
  static final int SMALL = 64 << 10;

  /** Confirmations that are written at once. */
  static final int MOST = 16;

  /** Milliseconds after which confirmations are written, however few. */
  static final int MILLIS = 2;

  private static final String NAME = "confirmations";

  private ChannelHandlerContext context;
  private boolean nextMayWait;
  private boolean urgent;
  private boolean hurried;
  private boolean timed;
  private int waiting;

  private Confirmations() {}

  /** Takes over what goes back over a connection. */
  static Confirmations install(Channel channel) {
    Confirmations confirmations = new Confirmations();
    channel.pipeline().addAfter("encoder", NAME, confirmations);
    return confirmations;
  }

  /** Returns the batching of a connection. */
  static Confirmations of(Channel channel) {
    return (Confirmations) channel.pipeline().get(NAME);
  }

  /** Notes that a frame of this many bytes is coming in: what is written next confirms it. */
  void confirming(long bytes) {
    nextMayWait = bytes <= SMALL;
  }

  /** Lets none wait from now on: the connection will end. On any thread. */
  void hurry() {
    context
        .executor()
        .execute(
            () -> {
              hurried = true;
              send();
            });
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
    if (nextMayWait && !hurried && message instanceof RpcResponse) {
      waiting++;
    } else {
      urgent = true;
    }
    nextMayWait = false;
    here.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext here) {
    if (urgent || waiting == 0 || waiting >= MOST) {
      send();
    } else if (!timed) {
      timed = true;
      here.executor().schedule(this::timeIsUp, MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void timeIsUp() {
    timed = false;
    send();
  }

  private void send() {
    urgent = false;
    waiting = 0;
    context.flush();
  }

  @Override
  public void close(ChannelHandlerContext here, ChannelPromise promise) {
    send();
    here.close(promise);
  }
}
