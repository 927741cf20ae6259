package io.penstock.launch.job;

import io.penstock.event.FailureKind;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Failure of a run. Immutable. {@link #kind}, {@link #rank} and {@link #host} say what happened and
 * to whom, for programs; the message says it in words, with what to do. The cause is the first one
 * of the first rank that failed.
 */
public final class TrainingFailedException extends RuntimeException {
  private static final long serialVersionUID = 2L;

  private final RunFailure failure;

  TrainingFailedException(RunFailure failure) {
    super(failure.words(), failure.cause());
    this.failure = failure;
  }

  /** Returns this failure with more in its message. */
  TrainingFailedException with(String hint) {
    if (hint.isEmpty()) {
      return this;
    }
    TrainingFailedException more = new TrainingFailedException(failure.with(hint));
    for (Throwable suppressed : getSuppressed()) {
      more.addSuppressed(suppressed);
    }
    return more;
  }

  RunFailure failure() {
    return failure;
  }

  /** Returns the exception for the caller: of refused input, the one that refuses it. */
  RuntimeException forCaller() {
    return failure.kind() == FailureKind.REFUSED_INPUT
            && failure.cause() instanceof IllegalArgumentException refused
        ? refused
        : this;
  }

  /** Returns the kind of the failure. */
  public FailureKind kind() {
    return failure.kind();
  }

  /**
   * Returns the rank that failed or was lost; of a broken connection, the one that the first rank
   * to notice has lost. Empty where it is of no single rank.
   */
  public OptionalInt rank() {
    int rank = failure.rank();
    return rank == RunFailure.NO_RANK ? OptionalInt.empty() : OptionalInt.of(rank);
  }

  /** Returns the host of that rank; empty where it is of no single rank, or not known. */
  public Optional<String> host() {
    return Optional.ofNullable(failure.host());
  }
}
