package io.penstock.schedule;

/**
 * Kind of a schedule's action: a forward, a backward, a recomputation, a send or a receive, what
 * goes to disk and comes back, or what ends a mini-batch. A backward is written whole ({@link #B})
 * or as its two halves ({@link #I}, {@link #W}), never both for one stage and micro-batch.
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
  RECV_B,
  /**
   * Hands what is kept for a recomputation ({@link #R}) to the executor's disk; waits until the one
   * before it is written, and not for its own. See {@link Offloading}.
   */
  OFFLOAD,
  /** Asks for what was offloaded, ahead of the recomputation; does not wait for it. */
  PREFETCH,
  /**
   * Reduce-scatter: sums the replicas' gradients of what this one sums for all. The other replicas
   * send theirs as each layer's last weight gradient is done; this waits for them.
   */
  REDUCE_SCATTER,
  /**
   * All-gather over replicas: of the summed gradients where it stands before the update, of the
   * updated weights where it stands behind. Sends what this replica has and waits for the rest.
   */
  ALL_GATHER,
  /**
   * Sums gradients of tied weights: sends those of weights that another stage owns, and waits for
   * those of weights that this stage owns.
   */
  TIED_GRAD,
  /** Agrees on whether the mini-batch is skipped for bad numbers; all ranks wait for each other. */
  CHECK,
  /** Clips gradients by their norm over all stages; all ranks wait for each other. */
  CLIP,
  /** Updates the stage's weights from its summed gradients. */
  UPDATE,
  /** Sends updated tied weights to the stages that share them, which wait in their next forward. */
  TIED_WEIGHT,
  /** Gathers the losses of the replicas' micro-batches on one of them. */
  LOSS;

  /** Returns whether the action computes on a micro-batch. */
  public boolean isCompute() {
    return ordinal() <= R.ordinal();
  }

  /** Returns whether its time is work of its rank, and not a wait for others. */
  public boolean isWork() {
    return isCompute() || this == UPDATE;
  }

  /** Returns whether it belongs to the end of a mini-batch, and to no micro-batch. */
  public boolean endsMiniBatch() {
    return ordinal() >= REDUCE_SCATTER.ordinal();
  }

  /** Returns whether all ranks of a pipeline wait for each other in it. */
  boolean isAgreement() {
    return this == CHECK || this == CLIP;
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

  /** Returns whether it moves what crosses from stage to stage. */
  boolean isMovement() {
    return isSend() || isReceive();
  }

  /** Returns whether it makes the gradient for the stage before. */
  boolean givesInputGradient() {
    return this == B || this == I;
  }

  /** Returns whether it adds to the gradient of the stage's weights. */
  boolean givesWeightGradient() {
    return this == B || this == W;
  }
}
