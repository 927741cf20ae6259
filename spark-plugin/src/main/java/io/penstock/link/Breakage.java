package io.penstock.link;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import org.apache.spark.network.client.TransportClient;

/** Cause of a connection's end, in words for a message. Thread-safe. */
final class Breakage {
  private static final AttributeKey<Throwable> CAUSE = AttributeKey.valueOf("penstock.breakage");

  private Breakage() {}

  /** Notes the first thing that went wrong on a connection. */
  static void note(Channel channel, Throwable cause) {
    channel.attr(CAUSE).setIfAbsent(cause);
  }

  /**
   * Returns the first thing that went wrong on a connection; null where it was closed on the other
   * side.
   */
  static Throwable cause(Channel channel) {
    return channel.attr(CAUSE).get();
  }

  /** Words for the first thing that went wrong on a connection, without a full stop. */
  static String of(Channel channel) {
    Throwable cause = cause(channel);
    return cause == null ? "the other side closed it" : of(cause);
  }

  /**
   * Words for a failure, without a full stop: Spark sends a peer's whole stack trace as the message
   * of its failure.
   */
  static String of(Throwable cause) {
    String line =
        String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString()).strip();
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  /** Remote address of a connection. */
  static String addressOf(TransportClient peer) {
    return addressOf(peer.getChannel());
  }

  /** Remote address of a connection. */
  static String addressOf(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress there
        ? there.getHostString() + ":" + there.getPort()
        : "an unknown address";
  }
}
