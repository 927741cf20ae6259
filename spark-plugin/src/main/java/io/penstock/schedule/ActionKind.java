package io.penstock.schedule;

/**
 * Kind of a schedule's action: a forward, a backward, a recomputation, a send or a receive. A
 * backward is written whole ({@link #B}) or as its two halves ({@link #I}, {@link #W}), never both
 * for one stage and micro-batch.
 */
public enum ActionKind {
  /** Forward: takes the activations of the stage before, gives those for the stage after. */
  F,
  /** Full backward: input gradient and weight gradient at once. */
  B,
  /** The half of the backward that the stage before waits for: the input gradient. */
  I,
  /**
   * The half of the backward that nobody waits for: the weight gradient. Comes after {@link #I}.
   */
  W,
  /**
   * Recomputation (activation checkpointing): the forward again, from the input that was kept, so
   * that its activations need not be kept from the first time; before {@link #B} or {@link #I},
   * which needs it where it is there. See {@link Recomputation}.
   */
  R,
  /** Sends the activations that this stage's forward made to the next stage; does not block. */
  SEND_F,
  /** Posts the receive of the activations for this stage's forward; does not wait for them. */
  RECV_F,
  /** Sends the gradient that this stage's backward made to the stage before; does not block. */
  SEND_B,
  /** Posts the receive of the gradient for this stage's backward; does not wait for it. */
  RECV_B;

  /** Returns whether the action computes; the others move data. */
  public boolean isCompute() {
    return ordinal() <= R.ordinal();
  }

  /** Returns whether it belongs to a forward. */
  boolean isForward() {
    return this == F || this == SEND_F || this == RECV_F;
  }

  boolean isSend() {
    return this == SEND_F || this == SEND_B;
  }

  boolean isReceive() {
    return this == RECV_F || this == RECV_B;
  }

  /** Returns whether it makes the gradient for the stage before. */
  boolean givesInputGradient() {
    return this == B || this == I;
  }
}
