package io.penstock.train;

import io.penstock.nn.Forward;
import io.penstock.nn.network.ForwardPass;
import io.penstock.nn.network.HiddenNumbers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Visitor of a stage's forward that stashes each layer's backward, and looks for NaN or infinite
 * numbers that are hidden, so that the stage's output does not tell of them. For the rank's thread.
 */
final class StashingVisitor implements ForwardPass.Visitor {
  private final Stash stash;
  private final int first;
  private final HiddenNumbers hidden;
  private final NumberLooks looks;
  private final boolean looksLater;

  /**
   * @param first the network's index of the stage's first layer
   * @param hidden of the stage's layers
   * @param looks takes a look at numbers
   * @param looksLater whether nobody waits for these looks one by one
   */
  StashingVisitor(
      Stash stash, int first, HiddenNumbers hidden, NumberLooks looks, boolean looksLater) {
    this.stash = stash;
    this.first = first;
    this.hidden = hidden;
    this.looks = looks;
    this.looksLater = looksLater;
  }

  @Override
  public void done(int layer, Forward done) {
    stash.layers[layer - first] = done.backward();
    if (hidden.mayBeIn(layer)) {
      looks.at(done.output());
    }
  }

  @Override
  public void within(int layer, Object reader, INDArray numbers) {
    looks.at(numbers);
  }

  @Override
  public boolean looksLater() {
    return looksLater;
  }
}
