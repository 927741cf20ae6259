package io.penstock.launch;

import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.util.Utils;

/**
 * What a rank says before it fails.
 *
 * @param rank the rank
 * @param host where it ran
 * @param consequence whether it only fails because a peer was lost
 * @param text the exception's class and message, for where the class itself is not known
 * @param encoded the exception, serialised apart, so that a class that the driver does not know
 *     spoils nothing else; empty where it cannot be serialised
 */
record RankFailure(int rank, String host, boolean consequence, String text, byte[] encoded)
    implements Serializable {

  static RankFailure of(int rank, String host, boolean consequence, Throwable cause) {
    return new RankFailure(rank, host, consequence, cause.toString(), encode(cause));
  }

  private static byte[] encode(Throwable cause) {
    try {
      return Utils.serialize(cause);
    } catch (Exception notSerializable) {
      return new byte[0];
    }
  }

  /** The exception itself, where this process knows its class. */
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
