package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import io.penstock.link.LostPeerException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.util.Utils;

/**
 * Message of a rank that fails. Immutable.
 *
 * @param place the rank, and where it ran
 * @param kind whether it is the rank's own failure, or another's
 * @param lost the peer that it lost; null for another kind
 * @param text the exception's class and message, for where the class itself is not known
 * @param encoded the exception, serialised apart, so that a class that the driver does not know
 *     spoils nothing else; empty where it cannot be serialised
 */
record RankFailure(RankPlace place, Kind kind, LostPeer lost, String text, byte[] encoded)
    implements Serializable {
  private static final String SPARKS_WRAPPING = "Exception thrown in awaitResult";

  /** Kind of a failure, by whose it is. */
  enum Kind {
    /** The rank's own: its exception or error is the cause. */
    OWN,
    /** The rank's own: it could not write its part of a checkpoint. */
    CHECKPOINT,
    /** Another rank's: this one cannot go on without it. */
    PEER,
    /** Nobody's: Spark has ended the task, and wanted it so. Tells that its executor lives. */
    ENDED
  }

  /**
   * Peer that was lost.
   *
   * @param loss of the peer: by its connection, its own failure or its end
   * @param rank the peer's, from 0
   * @param address of the peer's link
   * @param how in words: see {@link LostPeerException#how}
   */
  record LostPeer(LostPeerException.Loss loss, int rank, String address, String how)
      implements Serializable {}

  /** Returns the failure by an exception or error. */
  static RankFailure of(RankPlace place, Throwable cause) {
    LostPeerException loss = find(LostPeerException.class, cause);
    if (loss != null) {
      LostPeer lost = new LostPeer(loss.loss(), loss.rank(), loss.address(), loss.how());
      return new RankFailure(place, Kind.PEER, lost, loss.getMessage(), encode(cause));
    }
    if (cause instanceof InterruptedException) {
      return ended(place);
    }
    CheckpointException checkpoint = find(CheckpointException.class, cause);
    return checkpoint != null
        ? new RankFailure(place, Kind.CHECKPOINT, null, checkpoint.getMessage(), encode(checkpoint))
        : new RankFailure(place, Kind.OWN, null, words(cause), encode(cause));
  }

  /** Returns the failure of a task that Spark has ended. */
  static RankFailure ended(RankPlace place) {
    return new RankFailure(place, Kind.ENDED, null, "Spark has ended the task", new byte[0]);
  }

  private static <T extends Throwable> T find(Class<T> kind, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return kind.cast(cause);
      }
    }
    return null;
  }

  /** Returns the message without Spark's wrapping of what an answer of the driver failed with. */
  private static String words(Throwable cause) {
    boolean wrapped =
        cause instanceof SparkException
            && cause.getCause() != null
            && String.valueOf(cause.getMessage()).startsWith(SPARKS_WRAPPING);
    return wrapped ? words(cause.getCause()) : cause.toString();
  }

  private static byte[] encode(Throwable cause) {
    try {
      return Utils.serialize(cause);
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError notSerializable) {
      return new byte[0];
    }
  }

  int rank() {
    return place.rank();
  }

  /** Returns whether the rank fails only because of something else than itself. */
  boolean consequence() {
    return kind == Kind.PEER || kind == Kind.ENDED;
  }

  /** Returns the exception itself, where this process knows its class. */
  Optional<Throwable> cause() {
    if (encoded.length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Utils.deserialize(encoded, Thread.currentThread().getContextClassLoader()));
    } catch (Exception | LinkageError unknown) {
      return Optional.empty();
    }
  }
}
