package io.penstock.launch.job;

import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.launch.cluster.PreflightException;
import java.io.Serializable;
import java.util.Optional;

/**
 * Failure of a run, or of one attempt at it. Immutable.
 *
 * @param kind of the failure
 * @param rank that failed or was lost; {@link #NO_RANK} where it is of no single one
 * @param host of that rank; null where that is not known
 * @param words what happened, and what to do
 * @param cause the first cause; null where there is none but words
 */
record RunFailure(FailureKind kind, int rank, String host, String words, Throwable cause)
    implements Serializable {
  /** Rank of a failure that is of no single one. */
  static final int NO_RANK = -1;

  /** Returns a failure of no single rank. */
  static RunFailure of(FailureKind kind, String words, Throwable cause) {
    return new RunFailure(kind, NO_RANK, null, words, cause);
  }

  /** Returns a failure of a rank. */
  static RunFailure of(FailureKind kind, RankPlace place, String words, Throwable cause) {
    return new RunFailure(kind, place.rank(), place.host(), words, cause);
  }

  /**
   * Returns a failure of a rank.
   *
   * @param place of the rank; empty where that is not known
   */
  static RunFailure of(
      FailureKind kind, int rank, Optional<RankPlace> place, String words, Throwable cause) {
    return new RunFailure(kind, rank, place.map(RankPlace::host).orElse(null), words, cause);
  }

  /** Returns the failure by what was thrown on the driver. */
  static RunFailure of(Throwable thrown) {
    if (thrown instanceof TrainingFailedException known) {
      return known.failure();
    }
    return of(kindOf(thrown), FailureWords.of(thrown), thrown);
  }

  private static FailureKind kindOf(Throwable thrown) {
    if (Cancellation.causes(thrown)) {
      return FailureKind.CANCELLED;
    } else if (thrown instanceof IllegalArgumentException || thrown instanceof PreflightException) {
      return FailureKind.REFUSED_INPUT;
    } else if (thrown instanceof CheckpointException) {
      return FailureKind.CHECKPOINT_FAILED;
    }
    return FailureKind.DRIVER_FAILED;
  }

  /** Returns this failure with more to say. */
  RunFailure with(String hint) {
    return new RunFailure(kind, rank, host, words + hint, cause);
  }
}
