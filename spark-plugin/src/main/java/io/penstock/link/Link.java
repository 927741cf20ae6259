package io.penstock.link;

import io.penstock.Internal;
import io.penstock.array.Loan;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Transport of activations and gradients between one rank and its peers. Life: {@link Links#open
 * open}, publish {@link #address}, {@link #connect} once all addresses are known, send and receive,
 * {@link #close}. Frames that arrive early are kept, so a peer may send as soon as it is connected.
 * All methods may be called from any thread.
 */
@Internal
public interface Link extends AutoCloseable {
  /** Address to publish to the peers at the rendezvous; good for the life of this link only. */
  Address address();

  /**
   * Connects to every peer and returns once each has accepted this link. Peers of the same JVM are
   * reached in it, others over the network. To be called once.
   *
   * @param rank the place of this link in {@code addresses}
   * @param addresses every rank's {@link #address}, by rank
   * @throws LinkException when a peer cannot be reached or refuses; names its rank and the address
   *     tried
   * @throws IllegalArgumentException when {@code rank} is not this link's place
   */
  void connect(int rank, List<Address> addresses);

  /**
   * Sends an array and returns at once. The array, of any shape, ordering and numeric type, is
   * read-only for all from here on; it arrives bit for bit, in the same shape and ordering. It is
   * not copied, unless it is a view with gaps or lives in a workspace. A frame to a rank that has
   * closed its link in good order is dropped: that rank awaits nothing.
   *
   * @throws LinkException with the first cause when this link has failed or is closed
   * @throws IllegalArgumentException when the array is empty, not numeric, or over 2 GiB and bound
   *     for the network
   */
  void send(int toRank, Tag tag, INDArray tensor);

  /**
   * Waits for the frame of this tag; one wait per tag. The array is read-only, for its sender and
   * others may read it too. Closing the loan gives its memory back: over the network to this link,
   * where it takes a later frame of its kind; in one JVM to whoever lent it. A frame whose loan is
   * never closed is freed by the garbage collector, and a later one pays for new memory: of a large
   * frame that is the larger part of its cost on a fast network.
   *
   * @param cancelled asked every 100 ms; true ends the wait
   * @throws InterruptedException when cancelled or interrupted
   * @throws LinkException with the first cause when the link failed, or when the only peer from
   *     which the frame can come has ended
   */
  Loan receive(Tag tag, BooleanSupplier cancelled) throws InterruptedException;

  /**
   * Sends an array as {@link #send} does, and gives it away: it is {@linkplain #release released}
   * once it has arrived, or, in one JVM, once the receiver has given it back. Not for an array that
   * anyone else may still read: {@link #lend} that.
   */
  void give(int toRank, Tag tag, INDArray tensor);

  /**
   * Sends an array as {@link #send} does, one that others may read at the same time, for less long
   * or for longer: the loan is closed, on any thread, once the array has arrived, or, in one JVM,
   * by the receiver. Over a link that has failed it may stay open.
   */
  void lend(int toRank, Tag tag, Loan loan);

  /**
   * Takes an array that nobody uses any more: the memory of a {@link #blank} one takes a later
   * frame of its kind, that of any other is freed.
   */
  void release(INDArray own);

  /**
   * Takes an array in 'c' order to be written in full and then given or released: of the memory of
   * released ones where there is any of this kind. What it holds is undefined.
   */
  INDArray blank(DataType type, long... shape);

  /** Announces that a frame will be awaited. Frames that arrive unannounced are kept too. */
  void post(Tag tag);

  /**
   * Announces that a frame will be awaited, as {@link #post(Tag)} does.
   *
   * @param arrived run once it is here: at once if it is, else by the thread that brings it, which
   *     it must not hold up; never if this link fails before
   */
  void post(Tag tag, Runnable arrived);

  /**
   * Announces that a frame will be awaited.
   *
   * @param ready run once {@link #receive} of this tag does not wait: at once, or by the thread
   *     that brings the frame or finds that none will come, which it must not hold up
   */
  void whenReady(Tag tag, Runnable ready);

  /**
   * Ends every wait on this link, now and later, with this cause. The first cause wins; peers learn
   * it when this link is closed.
   */
  void fail(Throwable cause);

  /** Returns the counters of what went over this link so far. */
  LinkStats stats();

  /**
   * Processor time of the threads of this link's connections so far, in nanoseconds: what frames
   * cost besides what the calling threads spend on them. Nothing where all peers are in this JVM;
   * empty where the JVM does not count it, and once the link is closed.
   */
  OptionalLong threadNanos();

  /**
   * Ends this link: waits, at most 10 s, until the peers have what was sent to them, tells them
   * that this rank has ended (and why, after a failure), and frees the port. After a failure it
   * does not wait for frames. Idempotent.
   */
  @Override
  void close();
}
