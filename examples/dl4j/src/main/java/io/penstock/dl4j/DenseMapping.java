package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.Dense;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;

/**
 * Dense layers, with DL4J's activation inside; its output layers are such too, and have the loss.
 * At every step of a sequence, DL4J's dense layer stands between two preprocessors, and its output
 * layer is one of another type.
 */
final class DenseMapping implements LayerReader, LayerWriter {
  private static final String WEIGHTS = "weights";
  private static final String BIAS = "bias";
  private static final String DL4J_WEIGHTS = "W";
  private static final String DL4J_BIAS = "b";

  @Override
  public Set<Class<?>> reads() {
    return Set.of(DenseLayer.class, OutputLayer.class, RnnOutputLayer.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Dense.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    FeedForwardLayer layer = (FeedForwardLayer) source.layer();
    boolean bias = layer instanceof BaseOutputLayer end ? end.hasBias() : dense(source).hasBias();
    checkInput(source, layer, reading);
    FeatureOrder order = reading.takeOrder();
    Dense ours = new Dense(layer.getNOut(), bias, ActivationMapping.gain(layer.getActivationFn()));
    WeightCopy copy =
        (dl4j, to) -> {
          WeightCopy.assign(to.get(WEIGHTS), order.rows(dl4j.get(DL4J_WEIGHTS)));
          if (bias) {
            WeightCopy.assign(to.get(BIAS), dl4j.get(DL4J_BIAS));
          }
        };
    if (layer instanceof BaseOutputLayer end) {
      reading.add(source, ours, copy);
      LossMapping.read(source, end.getLossFn(), end.getActivationFn(), reading);
    } else {
      reading.add(source, ours, layer.getActivationFn(), copy);
    }
  }

  private static void checkInput(Source source, FeedForwardLayer layer, Reading reading) {
    if (layer instanceof RnnOutputLayer end) {
      reading.expect(source, Axes.SEQUENCE, SequenceRows.format(end.getRnnDataFormat()));
    }
    int rank = reading.shape().rank();
    boolean fits =
        rank == 1
            || (rank == 2 && (layer instanceof RnnOutputLayer || reading.rows().stepByStep()));
    if (!fits || layer.getNIn() != reading.shape().dims().get(rank - 1)) {
      throw source.refuse(
          "it takes rows of ["
              + layer.getNIn()
              + "] but gets "
              + reading.shape()
              + "; give the shape of the network's input rows, such as Shape.of(1, 28, 28).");
    }
  }

  private static DenseLayer dense(Source source) {
    DenseLayer layer = (DenseLayer) source.layer();
    if (layer.hasLayerNorm()) {
      throw source.refuse(
          "Penstock's dense layers have no layer normalisation inside; build it without"
              + " hasLayerNorm.");
    }
    return layer;
  }

  @Override
  public void write(Target target, Writing writing) {
    Dense dense = (Dense) target.layer();
    boolean sequence = target.input().rank() == 2;
    if (sequence) {
      writing.expect(target, Axes.SEQUENCE);
    }
    WeightCopy copy =
        (dl4j, ours) -> {
          WeightCopy.assign(dl4j.get(DL4J_WEIGHTS), ours.get(WEIGHTS));
          if (dense.bias()) {
            WeightCopy.assign(dl4j.get(DL4J_BIAS), ours.get(BIAS));
          }
        };
    if (!writing.lossFollows() || (sequence && !dense.bias())) {
      if (sequence) {
        writing.splitSteps();
      }
      writing.add(
          new DenseLayer.Builder().nOut(dense.outputs()).hasBias(dense.bias()), target, copy);
    } else if (sequence) {
      // DL4J computes it with a bias, whether it has one or not.
      writing.joinSteps(target);
      writing.addEnd(
          new RnnOutputLayer.Builder().dataFormat(Writing.SEQUENCES).nOut(dense.outputs()),
          target,
          copy);
    } else {
      writing.addEnd(
          new OutputLayer.Builder().nOut(dense.outputs()).hasBias(dense.bias()), target, copy);
    }
  }
}
