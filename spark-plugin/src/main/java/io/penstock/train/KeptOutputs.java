package io.penstock.train;

import io.penstock.array.HostCopy;
import io.penstock.nn.SampleWeights;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keeps the outputs of every micro-batch of a forward-only run, rows after rows. For the rank's
 * thread.
 */
final class KeptOutputs implements OutputConsumer {
  private final List<float[]> outputs = new ArrayList<>();

  @Override
  public void take(int microBatch, INDArray output, INDArray labels, SampleWeights weights) {
    try (HostCopy copy = HostCopy.of(output)) {
      outputs.add(copy.host().dup('c').data().asFloat());
    }
  }

  List<float[]> list() {
    return outputs;
  }
}
