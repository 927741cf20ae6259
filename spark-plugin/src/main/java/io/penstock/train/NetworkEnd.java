package io.penstock.train;

import io.penstock.nn.ArrayPool;
import io.penstock.nn.Blank;
import io.penstock.nn.Loss;
import io.penstock.nn.RowWeights;
import io.penstock.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where outputs meet their labels, on the rank of the last stage. For the rank's thread. */
final class NetworkEnd {
  private final Loss loss;
  private final Batches labels;
  private final ArrayPool pool;
  private final LossTally tally;
  private final List<float[]> outputs = new ArrayList<>();
  private int stepOfEpoch;

  /**
   * @param labels null on a rank that has none
   */
  NetworkEnd(Sequential network, Batches labels, ArrayPool pool) {
    this.loss = network.loss();
    this.labels = labels;
    this.pool = pool;
    this.tally = new LossTally(network, labels);
  }

  /** Turns to the next epoch, and to the step of it that begins. */
  void startEpoch(int epoch) {
    if (labels != null) {
      labels.startEpoch(epoch);
    }
    tally.startEpoch();
  }

  void startStep(int step, int microBatches, int rows) {
    stepOfEpoch = step;
    tally.startStep(step, microBatches, rows);
  }

  /** Writes the gradient of a micro-batch's outputs, and takes down its loss. */
  void gradient(int microBatch, INDArray output, INDArray gradient) {
    INDArray wanted = labels.microBatch(stepOfEpoch, microBatch);
    RowWeights weights = tally.rowWeights(microBatch);
    tally.put(
        microBatch,
        loss.gradient(output, wanted, weights, tally.scale(), gradient, pool.kernels()));
    Blank.release(wanted);
  }

  /** Keeps outputs that nothing is learnt from, and takes down their loss. */
  void infer(int microBatch, INDArray output) {
    INDArray wanted = labels.microBatch(stepOfEpoch, microBatch);
    tally.put(microBatch, loss.score(output, wanted, tally.rowWeights(microBatch)));
    outputs.add(output.dup('c').data().asFloat());
    Blank.release(wanted);
  }

  LossTally tally() {
    return tally;
  }

  /** The outputs that nothing was learnt from. */
  List<float[]> outputs() {
    return outputs;
  }
}
