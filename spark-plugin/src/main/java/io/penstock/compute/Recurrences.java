package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One time step of the cells of recurrent layers, without the products with weights. The gates of a
 * row lie side by side, {@code [rows, gates · width]}; all other arrays are {@code [rows, width]}.
 * For one thread.
 */
public interface Recurrences {
  /**
   * Computes an LSTM's step (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al.,
   * 2000).
   *
   * @param gates input, forget, output gate and candidates, before their functions; overwritten
   *     with their values
   * @param before the cells of the step before; null at the first step
   * @param cells overwritten
   * @param squashed the tanh of the cells; overwritten
   * @param output overwritten
   */
  void lstm(INDArray gates, INDArray before, INDArray cells, INDArray squashed, INDArray output);

  /**
   * Computes the gradient of {@link #lstm}.
   *
   * @param gates their values, as {@code squashed}'s: what the forward left
   * @param before as in the forward
   * @param outputGradient with all that comes from later steps in it
   * @param cellGradient what later steps want of the cells; overwritten with what this one wants of
   *     those before
   * @param gateGradient with respect to the gates before their functions; overwritten
   */
  void lstmGradient(
      INDArray gates,
      INDArray before,
      INDArray squashed,
      INDArray outputGradient,
      INDArray cellGradient,
      INDArray gateGradient);

  /**
   * Computes a GRU's step (Cho et al., 2014, arXiv 1406.1078, in the form that resets after the
   * product, as cuDNN's).
   *
   * @param gates reset and update gate and candidates, what comes from the input, before their
   *     functions; overwritten with their values
   * @param states reset and update gate and candidates, what comes from the last output; left alone
   * @param before the output of the step before; null at the first step
   * @param output overwritten
   */
  void gru(INDArray gates, INDArray states, INDArray before, INDArray output);

  /**
   * Computes the gradient of {@link #gru}.
   *
   * @param gates their values, as the forward left them
   * @param states as in the forward, as {@code before} is
   * @param outputGradient with all that comes from later steps in it
   * @param fromInputs with respect to the input's part of the gates; overwritten
   * @param fromStates with respect to the last output's part; overwritten
   * @param beforeGradient what goes straight to the output of the step before; overwritten
   */
  void gruGradient(
      INDArray gates,
      INDArray states,
      INDArray before,
      INDArray outputGradient,
      INDArray fromInputs,
      INDArray fromStates,
      INDArray beforeGradient);
}
