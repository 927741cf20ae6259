package io.penstock.train;

import io.penstock.compute.Rows;
import io.penstock.compute.Workspace;
import io.penstock.nn.Forward;
import io.penstock.nn.NotFinite;
import io.penstock.nn.network.ForwardPass;
import io.penstock.nn.network.HiddenNumbers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Visitor of a stage's forward that stashes each layer's backward, and whether NaN or infinite
 * numbers are hidden that the stage's output does not tell of. For the rank's thread.
 */
final class StashingVisitor implements ForwardPass.Visitor {
  private final Stash stash;
  private final int first;
  private final HiddenNumbers hidden;
  private final Workspace pool;

  /**
   * @param first the network's index of the stage's first layer
   * @param hidden of the stage's layers
   * @param pool what computes with the numbers that are looked at
   */
  StashingVisitor(Stash stash, int first, HiddenNumbers hidden, Workspace pool) {
    this.stash = stash;
    this.first = first;
    this.hidden = hidden;
    this.pool = pool;
  }

  @Override
  public void done(int layer, Forward done) {
    stash.layers[layer - first] = done.backward();
    stash.hidesNumbers |= hidden.in(layer, done.output(), rows(done.output()));
  }

  @Override
  public void within(int layer, Object reader, INDArray numbers) {
    stash.hidesNumbers |= NotFinite.in("", numbers, rows(numbers)).isPresent();
  }

  private Rows rows(INDArray numbers) {
    return pool.compute(numbers.dataType()).rows();
  }
}
