package io.penstock.balance;

import io.penstock.nn.Sequential;

/** What a layer costs a stage, from the network's description alone. */
public final class LayerCosts {
  /** Activations, dropout and the like cost passes over memory that their FLOPs do not show. */
  private static final double FLOPS_PER_OUTPUT = 10;

  private LayerCosts() {}

  /**
   * Costs by floating-point operations of one row's forward; the backward takes about twice as much
   * for every kind of layer, so it does not move the cut.
   *
   * @return one figure per layer, in FLOP
   */
  public static double[] flops(Sequential network) {
    double[] costs = new double[network.layers().size()];
    for (int layer = 0; layer < costs.length; layer++) {
      costs[layer] = network.flops(layer) + FLOPS_PER_OUTPUT * network.shape(layer + 1).size();
    }
    return costs;
  }
}
