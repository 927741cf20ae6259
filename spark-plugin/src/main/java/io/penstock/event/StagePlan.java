package io.penstock.event;

import java.util.List;

/**
 * Stage of a plan: its rank, layers and memory. Immutable.
 *
 * @param index from 0
 * @param rank the rank that holds it, from 0
 * @param layers first to last
 * @param stateBytes bytes of weights, their gradients and the optimizer's state; where replicas
 *     share that, of the one that holds most of it
 * @param activationBytes bytes of activations that one micro-batch keeps from its forward to its
 *     backward
 * @param inFlight the most micro-batches that keep it at a time
 * @param recomputed whether its forward is done again (activation checkpointing), so that its input
 *     alone is kept from the first time to the second
 */
public record StagePlan(
    int index,
    int rank,
    List<LayerPlan> layers,
    long stateBytes,
    long activationBytes,
    int inFlight,
    boolean recomputed) {
  /** Copies the list. */
  public StagePlan {
    layers = List.copyOf(layers);
  }

  /** Returns the parameters of its layers. */
  public long parameters() {
    return layers.stream().mapToLong(LayerPlan::parameters).sum();
  }

  /** Returns the bytes that it holds at most: state, and the activations in flight. */
  public long bytes() {
    return stateBytes + inFlight * activationBytes;
  }
}
