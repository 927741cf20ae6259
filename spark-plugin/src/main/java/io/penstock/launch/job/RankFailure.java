package io.penstock.launch.job;

import io.penstock.compute.DeviceException;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.launch.SparkMessages;
import io.penstock.link.LostPeerException;
import io.penstock.train.DivergedException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.shuffle.FetchFailedException;
import org.apache.spark.util.Utils;

/**
 * Message of a rank that fails. Immutable.
 *
 * @param place the rank, and where it ran
 * @param attempt of the Spark stage, from 0
 * @param kind of the failure; null where it is not the rank's own, but a peer's, or nobody's: Spark
 *     has ended the task, and wanted it so, which tells that its executor lives
 * @param lost the peer that it lost, and without which it cannot go on; null if it lost none
 * @param text what happened, for where the exception's class is not known
 * @param encoded the exception, serialised apart, so that a class that the driver does not know
 *     spoils nothing else; empty where it cannot be serialised
 */
record RankFailure(
    RankPlace place, int attempt, FailureKind kind, LostPeer lost, String text, byte[] encoded)
    implements Serializable {
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
  static RankFailure of(RankPlace place, int attempt, Throwable cause) {
    LostPeerException loss = find(LostPeerException.class, cause);
    if (loss != null) {
      LostPeer lost = new LostPeer(loss.loss(), loss.rank(), loss.address(), loss.how());
      return new RankFailure(place, attempt, null, lost, loss.getMessage(), encode(cause));
    }
    if (cause instanceof InterruptedException) {
      return ended(place, attempt);
    }
    DeviceException device = find(DeviceException.class, cause);
    if (device != null && device.kind() != DeviceException.Kind.OTHER) {
      FailureKind kind =
          device.kind() == DeviceException.Kind.LOST
              ? FailureKind.DEVICE_LOST
              : FailureKind.DEVICE_FULL;
      return own(place, attempt, kind, device, device.getMessage());
    }
    CheckpointException checkpoint = find(CheckpointException.class, cause);
    if (checkpoint != null) {
      return own(
          place, attempt, FailureKind.CHECKPOINT_FAILED, checkpoint, checkpoint.getMessage());
    }
    DivergedException diverged = find(DivergedException.class, cause);
    if (diverged != null) {
      return own(place, attempt, FailureKind.BAD_NUMBERS, diverged, diverged.getMessage());
    }
    FetchFailedException fetch = find(FetchFailedException.class, cause);
    if (fetch != null) {
      return own(place, attempt, FailureKind.JOB_FAILED, cause, FailureWords.rowsLost(fetch));
    }
    FailureKind kind =
        cause instanceof IllegalArgumentException
            ? FailureKind.REFUSED_INPUT
            : FailureKind.EXCEPTION;
    return own(place, attempt, kind, cause, SparkMessages.unwrapped(cause).toString());
  }

  private static RankFailure own(
      RankPlace place, int attempt, FailureKind kind, Throwable cause, String text) {
    return new RankFailure(place, attempt, kind, null, text, encode(cause));
  }

  /** Returns the failure of a task that Spark has ended. */
  static RankFailure ended(RankPlace place, int attempt) {
    return new RankFailure(place, attempt, null, null, FailureWords.TASK_ENDED, new byte[0]);
  }

  private static <T extends Throwable> T find(Class<T> kind, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return kind.cast(cause);
      }
    }
    return null;
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
    return kind == null;
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
