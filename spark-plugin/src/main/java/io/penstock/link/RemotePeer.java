package io.penstock.link;

import io.penstock.array.Loan;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Path to a rank of another JVM, over one connection that Netty's threads serve. Thread-safe. */
final class RemotePeer implements Peer {
  private static final long HELLO_MILLIS = 30_000;
  private static final int MOST_CHARACTERS = 16_000;

  private final int self;
  private final int rank;
  private final Address address;
  private final TransportClient client;
  private final Inbox inbox;
  private final Traffic traffic;
  private final FrameBufferPool pool;
  private final AtomicLong requests = new AtomicLong();

  private RemotePeer(
      int self,
      int rank,
      Address address,
      TransportClient client,
      Inbox inbox,
      Traffic traffic,
      FrameBufferPool pool) {
    this.self = self;
    this.rank = rank;
    this.address = address;
    this.client = client;
    this.inbox = inbox;
    this.traffic = traffic;
    this.pool = pool;
  }

  /**
   * Introduces this rank and watches the connection from then on: when it breaks before a goodbye,
   * the peer is lost.
   *
   * @throws RuntimeException when the peer refuses
   */
  static RemotePeer greet(
      int self,
      int rank,
      Address address,
      TransportClient client,
      Inbox inbox,
      Traffic traffic,
      FrameBufferPool pool) {
    client.sendRpcSync(Handshake.hello(address.link(), self).encode(), HELLO_MILLIS);
    RemotePeer peer = new RemotePeer(self, rank, address, client, inbox, traffic, pool);
    client
        .getChannel()
        .closeFuture()
        .addListener(
            closed ->
                peer.lost(
                    "broke: " + Breakage.of(client.getChannel()),
                    Breakage.cause(client.getChannel())));
    return peer;
  }

  @Override
  public void send(Tag tag, Loan loan) {
    if (inbox.hasEnded(rank)) {
      loan.close();
      return;
    }
    INDArray dense = Tensors.dense(loan.array());
    FrameHeader header = FrameHeader.of(address.link(), self, tag, dense);
    INDArray sent = pool.transfer().outgoing(dense, pool);
    TensorBuffer bytes = new TensorBuffer(sent);
    traffic.sent(bytes.size());
    new Upload(
            client,
            requests.decrementAndGet(),
            header.encode(),
            bytes,
            failure -> {
              if (failure != null) {
                lost("did not take " + tag + " to its end: " + Breakage.of(failure), failure);
              } else {
                loan.close();
              }
              if (sent != dense) {
                pool.putBack(sent);
              }
              traffic.settled();
            })
        .start();
  }

  @Override
  public void farewell(LinkException trouble, Runnable done) {
    if (!client.getChannel().isActive() || inbox.hasEnded(rank)) {
      done.run();
      return;
    }
    String text = trouble == null ? "" : shortened(trouble.getMessage());
    client.sendRpc(
        Handshake.goodbye(address.link(), self, text).encode(), reply(failure -> done.run()));
  }

  /** Shortens a text, for a peer takes no message of any length. */
  private static String shortened(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }

  private void lost(String how, Throwable cause) {
    inbox.lost(LostPeerException.connection(rank, address.hostAndPort(), how, cause));
  }

  /** Makes one callback of both outcomes of a request: null after success. */
  private static RpcResponseCallback reply(Consumer<Throwable> outcome) {
    return new RpcResponseCallback() {
      @Override
      public void onSuccess(ByteBuffer response) {
        outcome.accept(null);
      }

      @Override
      public void onFailure(Throwable failure) {
        outcome.accept(failure);
      }
    };
  }
}
