package io.penstock.link;

import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;

/**
 * RPC handler of a link's port: takes frames and handshakes that are meant for this link, and
 * refuses the rest. With authentication on, Spark's own handler stands before this one and passes
 * on only peers that have proved themselves. For Netty's threads, of which each serves some
 * connections.
 */
final class FrameRpcHandler extends RpcHandler {
  private final UUID link;
  private final Inbox inbox;
  private final FrameBufferPool pool;
  private final LinkThreads threads;
  private final Door door;
  private final Set<Confirmations> confirmations = ConcurrentHashMap.newKeySet();
  private volatile boolean hurried;

  /**
   * A handler for one link.
   *
   * @param threads told which serve the connections that come in
   * @param door told who comes
   */
  FrameRpcHandler(UUID link, Inbox inbox, FrameBufferPool pool, LinkThreads threads, Door door) {
    this.link = link;
    this.inbox = inbox;
    this.pool = pool;
    this.threads = threads;
    this.door = door;
  }

  @Override
  public void channelActive(TransportClient peer) {
    threads.serve(peer.getChannel());
    InPlaceReceiveAllocator.install(peer.getChannel());
    Confirmations back = Confirmations.install(peer.getChannel());
    confirmations.add(back);
    if (hurried) {
      back.hurry();
    }
    Channel channel = peer.getChannel();
    BoundedFrameDecoder.install(
        channel,
        BoundedFrameDecoder.STRANGERS_BYTES,
        MessageForms.REQUESTS,
        why -> refusedAsStranger(channel, why));
    door.came(channel);
  }

  private boolean refusedAsStranger(Channel channel, String why) {
    boolean stranger = BoundedFrameDecoder.of(channel).greeted().isEmpty();
    if (stranger) {
      door.refuse(channel, why);
    }
    return stranger;
  }

  /** Confirms frames at once from now on, for this link is about to close. On any thread. */
  void hurry() {
    hurried = true; // before the others are told, for connections may still come in
    confirmations.forEach(Confirmations::hurry);
  }

  @Override
  public void exceptionCaught(Throwable cause, TransportClient peer) {
    Breakage.note(peer.getChannel(), cause);
  }

  /**
   * Notes that a rank is lost: one whose connection to us breaks sends no more, though ours to it
   * may still stand.
   */
  @Override
  public void channelInactive(TransportClient peer) {
    confirmations.remove(Confirmations.of(peer.getChannel()));
    door.left(peer.getChannel())
        .ifPresent(
            rank ->
                inbox.lost(
                    LostPeerException.connection(
                        rank,
                        Breakage.addressOf(peer),
                        "broke: " + Breakage.of(peer.getChannel()),
                        Breakage.cause(peer.getChannel()))));
  }

  @Override
  public void receive(TransportClient peer, ByteBuffer message, RpcResponseCallback reply) {
    try {
      Handshake handshake = Handshake.decode(message);
      requireMine(handshake.link());
      if (handshake.kind() == Handshake.Kind.HELLO) {
        if (!door.greeted(peer.getChannel(), handshake.fromRank())) {
          return; // the rank hears that it is closed, and comes again
        }
        BoundedFrameDecoder.of(peer.getChannel()).admit(handshake.fromRank());
      } else {
        requireGreeted(peer, handshake.fromRank());
        if (handshake.trouble().isEmpty()) {
          inbox.ended(handshake.fromRank());
        } else {
          inbox.fail(LostPeerException.failed(handshake.fromRank(), handshake.trouble(), null));
        }
      }
      reply.onSuccess(ByteBuffer.allocate(0));
    } catch (LinkException refusal) {
      reply.onFailure(refusal);
      if (!refusedAsStranger(peer.getChannel(), "was told: " + Breakage.of(refusal))) {
        Breakage.note(peer.getChannel(), refusal);
        peer.getChannel().close();
      }
    }
  }

  @Override
  public StreamCallbackWithID receiveStream(
      TransportClient peer, ByteBuffer header, RpcResponseCallback reply) {
    FrameHeader frame = FrameHeader.decode(header);
    requireMine(frame.link());
    requireGreeted(peer, frame.fromRank());
    String from = Breakage.addressOf(peer);
    inbox.admit(frame.fromRank(), from, frame.tag(), frame.type(), frame.shape());
    try {
      FrameSink sink = new FrameSink(frame, from, inbox, pool);
      Confirmations.of(peer.getChannel()).confirming(frame.bytes());
      InPlaceReceiveAllocator.expect(peer.getChannel(), sink);
      return sink;
    } catch (RuntimeException | OutOfMemoryError e) {
      LinkException noRoom =
          new LinkException(
              "No memory for "
                  + frame.tag()
                  + ". Raise spark.executor.memoryOverhead or cut the mini-batch into more"
                  + " micro-batches.",
              e);
      inbox.fail(noRoom);
      throw noRoom;
    }
  }

  /** Returns a manager of no streams: nothing can be fetched from a link. */
  @Override
  public StreamManager getStreamManager() {
    return new StreamManager() {
      @Override
      public ManagedBuffer getChunk(long stream, int chunk) {
        throw new UnsupportedOperationException("A link only receives.");
      }
    };
  }

  /**
   * Checks that a handshake has come: with authentication off, to know the link's id is all that
   * tells a peer from a stranger.
   */
  private static void requireGreeted(TransportClient peer, int rank) {
    if (BoundedFrameDecoder.of(peer.getChannel()).greeted().orElse(-1) != rank) {
      throw new LinkException(
          "Refused: rank " + rank + " has not greeted over this connection. Say HELLO first.");
    }
  }

  private void requireMine(UUID addressee) {
    if (!link.equals(addressee)) {
      throw new LinkException(
          "Refused: meant for link "
              + addressee
              + ", which is not this one. The sender holds the address of an earlier attempt.");
    }
  }
}
