package io.penstock.nn.network;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer that does not {@linkplain Layer#computesAnywhere compute anywhere}, in a pass whose arrays
 * lie on a device: it computes on the host, with copies of what it is given, and what it makes or
 * adds to is copied back. Stateless.
 *
 * @param layer that is given the copies
 */
record HostLayer(Layer layer) {
  /**
   * Runs the layer.
   *
   * @param added what it adds over a skip connection; null for nothing
   */
  Forward forward(INDArray input, INDArray added, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    Pass host = pass.in(memory.onHost());
    INDArray x = NativeArrays.onHost(input);
    Parameters own = parameters.copiedToHost();
    Forward done =
        added == null
            ? layer.forward(x, own, host)
            : layer.forward(x, NativeArrays.onHost(added), own, host);
    return new Forward(onDevice(done.output(), memory), new Back(done.backward(), memory));
  }

  private static INDArray onDevice(INDArray made, Memory memory) {
    return NativeArrays.copy(made, memory.like(made));
  }

  private record Back(Backward backward, Memory memory) implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      return onDevice(backward.inputGradient(NativeArrays.onHost(outputGradient)), memory);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      try (Parameters sums = gradients.copiedToHost()) {
        backward.weightGradient(NativeArrays.onHost(outputGradient), sums);
        NativeArrays.copy(sums.flat(), gradients.flat());
      }
    }
  }
}
