package io.penstock.dl4j;

import io.penstock.nn.Activation;
import io.penstock.nn.Dense;
import io.penstock.nn.Layer;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;

/** Dense layers, with DL4J's activation inside; its output layer is one too, and has the loss. */
final class DenseMapping implements LayerReader, LayerWriter {
  private static final String WEIGHTS = "weights";
  private static final String BIAS = "bias";
  private static final String DL4J_WEIGHTS = "W";
  private static final String DL4J_BIAS = "b";

  @Override
  public Set<Class<?>> reads() {
    return Set.of(DenseLayer.class, OutputLayer.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Dense.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    FeedForwardLayer layer = (FeedForwardLayer) source.layer();
    boolean bias = layer instanceof OutputLayer end ? end.hasBias() : dense(source).hasBias();
    if (reading.shape().rank() == 1 && layer.getNIn() != reading.shape().size()) {
      throw source.refuse(
          "it takes rows of ["
              + layer.getNIn()
              + "] but gets "
              + reading.shape()
              + "; give the shape of the network's input rows, such as Shape.of(1, 28, 28).");
    }
    FeatureOrder order = reading.takeOrder();
    reading.add(
        source,
        new Dense(layer.getNOut(), bias, ActivationMapping.gain(layer.getActivationFn())),
        (dl4j, ours) -> {
          WeightCopy.assign(ours.get(WEIGHTS), order.rows(dl4j.get(DL4J_WEIGHTS)));
          if (bias) {
            WeightCopy.assign(ours.get(BIAS), dl4j.get(DL4J_BIAS));
          }
        });
    if (layer instanceof OutputLayer end) {
      LossMapping.read(source, end.getLossFn(), end.getActivationFn(), reading);
    } else {
      reading.activation(source, layer.getActivationFn());
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
    WeightCopy copy =
        (dl4j, ours) -> {
          WeightCopy.assign(dl4j.get(DL4J_WEIGHTS), ours.get(WEIGHTS));
          if (dense.bias()) {
            WeightCopy.assign(dl4j.get(DL4J_BIAS), ours.get(BIAS));
          }
        };
    Activation activation = writing.takeActivation();
    if (writing.atEnd() && LossMapping.follows(writing.loss(), activation)) {
      writing.addEnd(
          new OutputLayer.Builder(LossMapping.function(writing.loss()))
              .nOut(dense.outputs())
              .hasBias(dense.bias())
              .activation(LossMapping.activation(writing.loss(), activation))
              .build(),
          target,
          copy);
    } else {
      writing.add(
          new DenseLayer.Builder()
              .nOut(dense.outputs())
              .hasBias(dense.bias())
              .activation(ActivationMapping.function(activation))
              .build(),
          target,
          copy);
    }
  }
}
