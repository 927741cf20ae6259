package io.penstock.link;

import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.NoOpRpcHandler;

/**
 * RPC handler at our end of a connection that we made: takes replies, refuses requests. For Netty's
 * threads.
 */
final class Caller extends NoOpRpcHandler {
  @Override
  public void channelActive(TransportClient peer) {
    BoundedFrameDecoder.install(
        peer.getChannel(), BoundedFrameDecoder.PEERS_BYTES, MessageForms.REPLIES, refusal -> false);
  }

  @Override
  public void exceptionCaught(Throwable cause, TransportClient peer) {
    Breakage.note(peer.getChannel(), cause);
  }
}
