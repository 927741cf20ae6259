package io.penstock.compute.cuda;

import io.penstock.compute.Recurrences;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Recurrent cells (LSTM, GRU) by the kernels of {@code recurrences.cu}, each a step in one pass
 * over memory. For one thread.
 */
final class CudaRecurrences implements Recurrences {
  private final Launcher launcher;

  CudaRecurrences(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void lstm(
      INDArray gates, INDArray before, INDArray cells, INDArray squashed, INDArray output) {
    launcher.kernel("lstm").array(gates);
    orNothing(before).array(cells).array(squashed).array(output);
    launch(output);
  }

  @Override
  public void lstmGradient(
      INDArray gates,
      INDArray before,
      INDArray squashed,
      INDArray outputGradient,
      INDArray cellGradient,
      INDArray gateGradient) {
    launcher.kernel("lstm_gradient").array(gates);
    orNothing(before).array(squashed).array(outputGradient).array(cellGradient).array(gateGradient);
    launch(squashed);
  }

  @Override
  public void gru(INDArray gates, INDArray states, INDArray before, INDArray output) {
    launcher.kernel("gru").array(gates).array(states);
    orNothing(before).array(output);
    launch(output);
  }

  @Override
  public void gruGradient(
      INDArray gates,
      INDArray states,
      INDArray before,
      INDArray outputGradient,
      INDArray fromInputs,
      INDArray fromStates,
      INDArray beforeGradient) {
    launcher.kernel("gru_gradient").array(gates).array(states);
    orNothing(before)
        .array(outputGradient)
        .array(fromInputs)
        .array(fromStates)
        .array(beforeGradient);
    launch(outputGradient);
  }

  /** Passes what the first step of a sequence does not have. */
  private Launcher orNothing(INDArray before) {
    return before == null ? launcher.nothing() : launcher.array(before);
  }

  /** Launches one thread for each unit of each row. */
  private void launch(INDArray units) {
    launcher.whole(units.length()).whole(units.size(1)).each(units.length());
  }
}
