package io.penstock.event;

import java.util.List;

/**
 * One stage of a plan.
 *
 * @param index from 0
 * @param rank the rank that holds it, from 0
 * @param layers first to last
 * @param stateBytes weights, their gradients and the updater's state
 * @param activationBytes what one micro-batch keeps from its forward to its backward
 * @param inFlight the most micro-batches that keep it at a time
 */
public record StagePlan(
    int index,
    int rank,
    List<LayerPlan> layers,
    long stateBytes,
    long activationBytes,
    int inFlight) {
  /** Copies the list. */
  public StagePlan {
    layers = List.copyOf(layers);
  }

  /** Returns the parameters of its layers. */
  public long parameters() {
    return layers.stream().mapToLong(LayerPlan::parameters).sum();
  }

  /** Returns all that it holds at most: state, and the activations in flight. */
  public long bytes() {
    return stateBytes + inFlight * activationBytes;
  }
}
