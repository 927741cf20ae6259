package io.penstock.dl4j;

import io.penstock.Amount;
import io.penstock.nn.Layer;
import io.penstock.nn.layer.LastStep;
import io.penstock.nn.layer.Lstm;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Long short-term memory. Columns of DL4J's weights belong to candidates, forget, output and input
 * gates (its {@code LSTMHelpers}, which calls the input gate the input modulation), those of
 * Penstock's to input, forget and output gates and candidates: the first and the last change
 * places.
 */
final class LstmMapping implements LayerReader, LayerWriter {
  private static final String WEIGHTS = "weights";
  private static final String BIAS = "bias";
  private static final String STATE = "state";
  private static final String DL4J_WEIGHTS = "W";
  private static final String DL4J_BIAS = "b";
  private static final String DL4J_STATE = "RW";

  @Override
  public Set<Class<?>> reads() {
    return Set.of(LSTM.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Lstm.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    LSTM layer = (LSTM) source.layer();
    if (!layer.getActivationFn().equals(Activation.TANH.getActivationFunction())
        || !layer.getGateActivationFn().equals(Activation.SIGMOID.getActivationFunction())) {
      throw source.refuse(
          "its activation is "
              + layer.getActivationFn()
              + " and that of its gates "
              + layer.getGateActivationFn()
              + "; Penstock's are tanh and sigmoid.");
    }
    reading.expect(source, Axes.SEQUENCE, SequenceRows.format(layer.getRnnDataFormat()));
    if (layer.getNIn() != reading.shape().dims().get(1)) {
      throw source.refuse(
          "it takes vectors of "
              + new Amount(layer.getNIn(), "number")
              + " but gets sequences of "
              + reading.shape()
              + "; give the shape of the network's input rows, [length, width], such as"
              + " Shape.of(20, "
              + layer.getNIn()
              + ").");
    }
    reading.add(
        source,
        new Lstm(layer.getNOut()),
        (dl4j, ours) -> {
          WeightCopy.assign(ours.get(WEIGHTS), swapped(dl4j.get(DL4J_WEIGHTS)));
          WeightCopy.assign(ours.get(STATE), swapped(dl4j.get(DL4J_STATE)));
          WeightCopy.assign(ours.get(BIAS), swapped(row(dl4j.get(DL4J_BIAS))));
        });
  }

  @Override
  public void write(Target target, Writing writing) {
    writing.expect(target, Axes.SEQUENCE);
    writing.joinSteps(target);
    LSTM layer =
        new LSTM.Builder()
            .nOut(((Lstm) target.layer()).width())
            .dataFormat(Writing.SEQUENCES)
            .activation(Activation.TANH)
            .gateActivationFunction(Activation.SIGMOID)
            .build();
    writing.add(
        writing.takeIf(new LastStep()) ? new LastTimeStep(layer) : layer,
        target,
        (dl4j, ours) -> {
          WeightCopy.assign(dl4j.get(DL4J_WEIGHTS), swapped(ours.get(WEIGHTS)));
          WeightCopy.assign(dl4j.get(DL4J_STATE), swapped(ours.get(STATE)));
          WeightCopy.assign(dl4j.get(DL4J_BIAS), swapped(row(ours.get(BIAS))));
        });
  }

  private static INDArray row(INDArray bias) {
    return bias.reshape(1, bias.length());
  }

  /** The first quarter of the columns in place of the last, and the other way round. */
  private static INDArray swapped(INDArray columns) {
    long width = columns.size(1) / 4;
    return Nd4j.concat(
        1,
        some(columns, 3 * width, width),
        some(columns, width, 2 * width),
        some(columns, 0, width));
  }

  private static INDArray some(INDArray columns, long first, long count) {
    return columns.get(NDArrayIndex.all(), NDArrayIndex.interval(first, first + count));
  }
}
