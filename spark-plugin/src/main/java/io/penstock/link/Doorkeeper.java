package io.penstock.link;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;

/**
 * Lets in what is meant for this link and refuses the rest. With authentication on, Spark's own
 * handler stands before this one and passes on only peers that have proved themselves.
 */
final class Doorkeeper extends RpcHandler {
  private final UUID link;
  private final Inbox inbox;
  private final Shelf shelf;

  Doorkeeper(UUID link, Inbox inbox, Shelf shelf) {
    this.link = link;
    this.inbox = inbox;
    this.shelf = shelf;
  }

  @Override
  public void channelActive(TransportClient peer) {
    Intake.install(peer.getChannel());
  }

  @Override
  public void receive(TransportClient peer, ByteBuffer message, RpcResponseCallback reply) {
    try {
      Greeting greeting = Greeting.decode(message);
      requireMine(greeting.link());
      if (greeting.kind() == Greeting.Kind.GOODBYE) {
        if (greeting.trouble().isEmpty()) {
          inbox.ended(greeting.fromRank());
        } else {
          inbox.fail(new LinkException(greeting.trouble()));
        }
      }
      reply.onSuccess(ByteBuffer.allocate(0));
    } catch (LinkException refusal) {
      reply.onFailure(refusal);
      peer.getChannel().close();
    }
  }

  @Override
  public StreamCallbackWithID receiveStream(
      TransportClient peer, ByteBuffer header, RpcResponseCallback reply) {
    FrameHeader frame = FrameHeader.decode(header);
    requireMine(frame.link());
    try {
      FrameSink sink = new FrameSink(frame, inbox, shelf);
      Intake.expect(peer.getChannel(), sink);
      return sink;
    } catch (RuntimeException | OutOfMemoryError e) {
      LinkException noRoom =
          new LinkException(
              "No memory for "
                  + frame.tag()
                  + ". Raise spark.executor.memoryOverhead or cut the mini-batch into more micro-batches.",
              e);
      inbox.fail(noRoom);
      throw noRoom;
    }
  }

  /** Nothing can be fetched from a link. */
  @Override
  public StreamManager getStreamManager() {
    return new StreamManager() {
      @Override
      public ManagedBuffer getChunk(long stream, int chunk) {
        throw new UnsupportedOperationException("A link only receives.");
      }
    };
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
