package io.penstock.link;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.spark.network.client.TransportClient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Link of one rank: an inbox, a port, and a path to each peer. Thread-safe. */
final class RankLink implements Link {
  /** Times that a peer is called whose door is crowded. */
  private static final int MOST_TRIES = 8;

  private static final long PAUSE_MILLIS = 25;

  private static final long GOOD_END_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long BAD_END_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Traffic traffic = new Traffic();
  private final LinkThreads threads = new LinkThreads();
  private final Inbox inbox;
  private final Door door = new Door();
  private final FrameBufferPool pool;
  private final AtomicBoolean connected = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final boolean networkOnly;
  private final FrameRpcHandler handler;
  private final Transport transport;
  private final Address address;
  private volatile int rank = -1;
  private volatile Peer[] peers;

  RankLink(LinkConfig config, Transfer transfer) {
    pool = new FrameBufferPool(transfer);
    networkOnly = config.networkOnly();
    UUID id = UUID.randomUUID();
    inbox = new Inbox(traffic, config.frames());
    handler = new FrameRpcHandler(id, inbox, pool, threads, door);
    transport = new Transport(config, handler);
    address = new Address(config.advertisedHost(), transport.port(), LocalInboxes.JVM, id);
    LocalInboxes.add(id, inbox, pool.transfer().device());
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public void connect(int rank, List<Address> ranks) {
    if (rank < 0 || rank >= ranks.size() || !ranks.get(rank).link().equals(address.link())) {
      throw new IllegalArgumentException(
          "Rank "
              + rank
              + " of "
              + ranks
              + " is not this link, "
              + address
              + ". Order the addresses by rank.");
    }
    if (!connected.compareAndSet(false, true)) {
      throw new IllegalStateException("A link connects once. Open a new one for another attempt.");
    }
    this.rank = rank;
    int size = ranks.size();
    inbox.expectPeers(size - 1);
    Peer[] ways = new Peer[size];
    Set<Integer> remote = new HashSet<>();
    for (int other = 0; other < size; other++) {
      if (!isLocal(other, ranks.get(other))) {
        remote.add(other);
      }
    }
    door.expect(remote);
    // Each rank begins with its successor, so that they do not all call on rank 0 at once.
    for (int i = 1; i <= size; i++) {
      int other = (rank + i) % size;
      ways[other] = reach(other, ranks.get(other));
    }
    peers = ways;
  }

  private Peer reach(int other, Address there) {
    if (isLocal(other, there)) {
      return new LocalPeer(rank, other, there.link(), inbox, traffic);
    }
    try {
      return greeted(other, there);
    } catch (Exception e) { // authentication fails with many kinds
      if (e instanceof InterruptedException || e.getCause() instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (inbox.hasEnded(other)) {
        return Peer.ENDED;
      }
      String trouble =
          Breakage.of(e)
              + ". Check that the executors reach each other under this address, and share one"
              + " secret when spark.authenticate is on";
      throw LostPeerException.connection(
          other,
          there.hostAndPort(),
          "could not be made: " + trouble,
          "Rank "
              + rank
              + " cannot reach rank "
              + other
              + " at "
              + there.hostAndPort()
              + ": "
              + trouble,
          e);
    }
  }

  /** Greets a peer; again where a crowd of strangers at its door has pushed this rank out. */
  private Peer greeted(int other, Address there) throws Exception {
    for (int tries = 1; ; tries++) {
      TransportClient way = null;
      try {
        way = transport.connect(there);
        threads.serve(way.getChannel());
        return RemotePeer.greet(rank, other, there, way, inbox, traffic, pool);
      } catch (Exception cut) {
        boolean closed = wasCut(cut) || (way != null && !way.isActive());
        if (tries == MOST_TRIES || !closed || inbox.hasEnded(other)) {
          throw cut;
        }
        Thread.sleep(PAUSE_MILLIS * tries);
      }
    }
  }

  /** Returns whether a connection that was made has been closed by the other side. */
  private static boolean wasCut(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      boolean reset =
          cause instanceof IOException && String.valueOf(cause.getMessage()).contains("reset");
      if (cause instanceof ClosedChannelException || reset) {
        return true;
      }
    }
    return false;
  }

  private boolean isLocal(int other, Address there) {
    return other == rank
        || (there.jvm().equals(LocalInboxes.JVM) && !networkOnly && onOneDevice(there));
  }

  /**
   * Returns whether both ranks compute on one device: a reference would be of no use on another GPU
   * of this process.
   */
  private boolean onOneDevice(Address there) {
    int own = pool.transfer().device();
    return LocalInboxes.device(there.link()).orElse(own) == own;
  }

  @Override
  public void send(int toRank, Tag tag, INDArray tensor) {
    lend(toRank, tag, Loan.of(tensor, own -> {}));
  }

  @Override
  public void give(int toRank, Tag tag, INDArray tensor) {
    lend(toRank, tag, Loan.of(tensor, this::release));
  }

  @Override
  public void lend(int toRank, Tag tag, Loan loan) {
    INDArray shareable = Tensors.shareable(loan.array());
    Throwable failure = inbox.failure();
    if (failure != null) {
      throw new LinkException("Cannot send " + tag + ": " + failure.getMessage(), failure);
    }
    Peer[] ways = peers;
    if (ways == null) {
      throw new IllegalStateException(
          "The link is not connected. Call connect after the rendezvous.");
    }
    if (toRank < 0 || toRank >= ways.length) {
      throw new IllegalArgumentException(
          "There is no rank "
              + toRank
              + " for "
              + tag
              + "; ranks are 0 to "
              + (ways.length - 1)
              + ".");
    }
    pool.transfer().settle(); // a peer of this process works on another of the GPU's streams
    ways[toRank].send(
        tag, shareable == loan.array() ? loan : Loan.of(shareable, copy -> loan.close()));
  }

  @Override
  public Loan receive(Tag tag, BooleanSupplier cancelled) throws InterruptedException {
    return inbox.await(tag, cancelled);
  }

  @Override
  public void post(Tag tag) {
    inbox.post(tag);
  }

  @Override
  public void post(Tag tag, Runnable arrived) {
    inbox.post(tag).thenRun(arrived);
  }

  @Override
  public void whenReady(Tag tag, Runnable ready) {
    inbox.post(tag).whenComplete((frame, failure) -> ready.run());
  }

  @Override
  public INDArray blank(DataType type, long... shape) {
    return pool.take(type, shape, 'c');
  }

  @Override
  public void release(INDArray own) {
    if (!pool.putBack(own)) {
      NativeArrays.release(own);
    }
  }

  @Override
  public void fail(Throwable cause) {
    inbox.fail(cause);
  }

  @Override
  public LinkStats stats() {
    return traffic.stats();
  }

  @Override
  public OptionalLong threadNanos() {
    return closed.get() ? OptionalLong.empty() : threads.nanos();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long deadline = System.nanoTime() + GOOD_END_NANOS;
    handler.hurry();
    try {
      traffic.awaitSettled(deadline);
      sayGoodbye(deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      LocalInboxes.remove(address.link());
      inbox.close();
      transport.close();
      pool.close();
    }
  }

  private void sayGoodbye(long deadline) throws InterruptedException {
    Peer[] ways = peers;
    if (ways == null) {
      return;
    }
    Throwable failure = inbox.failure();
    LinkException trouble = failure == null ? null : asToldToPeers(failure);
    CountDownLatch told = new CountDownLatch(ways.length);
    for (Peer way : ways) {
      way.farewell(trouble, told::countDown);
    }
    long patience = trouble == null ? deadline - System.nanoTime() : BAD_END_NANOS;
    told.await(patience, TimeUnit.NANOSECONDS);
  }

  /**
   * Words a failure for the peers: a link's own failures already name their rank; others get the
   * name of this one.
   */
  private LinkException asToldToPeers(Throwable failure) {
    return failure instanceof LinkException link
        ? link
        : new LinkException(
            "Rank " + rank + " at " + address.hostAndPort() + " failed: " + failure, failure);
  }
}
