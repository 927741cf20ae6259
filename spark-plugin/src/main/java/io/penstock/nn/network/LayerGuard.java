package io.penstock.nn.network;

import io.penstock.array.Imprint;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Check that a layer does not write to arrays that it is given, as {@link Layer} wants it, where
 * {@link io.penstock.array.Poison} is on: others read the same memory. Immutable.
 *
 * @param index the layer's in the network
 */
record LayerGuard(int index, Layer layer) {
  /**
   * Checks what the layer's forward was given, and guards the backward of its result.
   *
   * @param input checksum of the input before the forward
   * @param saved checksum of what was saved for the layer before the forward, if it was given such
   */
  Forward guarded(Optional<Imprint> input, Optional<Imprint> saved, Forward done) {
    check(input, "its input in its forward");
    check(saved, "what it adds in its forward");
    return new Forward(done.output(), new Guarded(this, done.backward()));
  }

  private void check(Optional<Imprint> before, String what) {
    if (before.isPresent() && !before.get().isTrue()) {
      throw new IllegalStateException(
          "Layer "
              + index
              + ", "
              + layer
              + ", wrote to "
              + what
              + ", which other layers and stages still read. Write to a copy: Memory.copy.");
    }
  }

  private record Guarded(LayerGuard guard, Backward backward) implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      Optional<Imprint> before = Imprint.of(outputGradient);
      INDArray gradient = backward.inputGradient(outputGradient);
      guard.check(before, "its output gradient in its input gradient");
      return gradient;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      Optional<Imprint> before = Imprint.of(outputGradient);
      backward.weightGradient(outputGradient, gradients);
      guard.check(before, "its output gradient in its weight gradient");
    }
  }
}
