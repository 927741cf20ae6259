package io.penstock.dl4j;

import io.penstock.nn.Activation;
import io.penstock.nn.ActivationLayer;
import io.penstock.nn.Flatten;
import io.penstock.nn.Loss;
import io.penstock.nn.Sequential;
import io.penstock.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** A DL4J network in the making, layer by layer of Penstock's. For one thread. */
final class Writing {
  /** Where the weights of a DL4J layer come from. */
  private record Origin(int layer, WeightCopy copy) {}

  private final Sequential network;
  private final NeuralNetConfiguration.ListBuilder list =
      new NeuralNetConfiguration.Builder().list();
  private final List<Origin> origins = new ArrayList<>();
  private InputPreProcessor flatten;
  private boolean hasLoss;
  private int next;

  Writing(Sequential network) {
    this.network = network;
  }

  Loss loss() {
    return network.loss();
  }

  /** Whether every layer is taken. */
  boolean atEnd() {
    return next == network.layers().size();
  }

  /** The next layer, which is taken. */
  Target take() {
    Target target = new Target(next, network.layers().get(next), network.shape(next));
    next++;
    return target;
  }

  /** The activation that comes next, which is taken; the identity if it is something else. */
  Activation takeActivation() {
    if (atEnd() || !(network.layers().get(next) instanceof ActivationLayer layer)) {
      return Activation.IDENTITY;
    }
    next++;
    return layer.function();
  }

  /** Whether the network's rows, of whatever shape, come as flat ones in DL4J. */
  boolean flatInput() {
    return network.input().rank() == 1
        || (network.input().rank() == 2 && network.layers().get(0) instanceof Flatten);
  }

  /** Makes pictures of this shape flat before the next layer. */
  void flattenPictures(Shape picture) {
    List<Long> dims = picture.dims();
    flatten = new CnnToFeedForwardPreProcessor(dims.get(1), dims.get(2), dims.get(0));
  }

  /** Adds a layer, with weights from this one of Penstock's. */
  void add(org.deeplearning4j.nn.conf.layers.Layer layer, Target target, WeightCopy copy) {
    add(layer, new Origin(target.index(), copy));
  }

  /** Adds the last layer, which has the loss. */
  void addEnd(org.deeplearning4j.nn.conf.layers.Layer layer, Target target, WeightCopy copy) {
    add(layer, target, copy);
    hasLoss = true;
  }

  private void add(org.deeplearning4j.nn.conf.layers.Layer layer, Origin origin) {
    if (flatten != null) {
      list.inputPreProcessor(origins.size(), flatten);
      flatten = null;
    }
    list.layer(layer);
    origins.add(origin);
  }

  /**
   * Ends the network.
   *
   * @throws UnsupportedLayerException if the loss has no counterpart
   */
  MultiLayerNetwork end(TrainedNetwork from) {
    if (!hasLoss) {
      LossLayer end =
          new LossLayer.Builder(LossMapping.function(loss()))
              .activation(LossMapping.activation(loss(), Activation.IDENTITY))
              .build();
      add(end, new Origin(network.layers().size() - 1, WeightCopy.NONE));
    }
    MultiLayerConfiguration configuration = list.setInputType(inputType()).build();
    MultiLayerNetwork to = new MultiLayerNetwork(configuration);
    to.init();
    for (int i = 0; i < origins.size(); i++) {
      Origin origin = origins.get(i);
      origin.copy().copy(to.getLayer(i).paramTable(), from.parameters().get(origin.layer()));
    }
    return to;
  }

  private InputType inputType() {
    List<Long> dims = network.input().dims();
    if (dims.size() == 3) {
      return InputType.convolutionalFlat(dims.get(1), dims.get(2), dims.get(0));
    }
    if (flatInput()) {
      return InputType.feedForward(network.input().size());
    }
    throw new UnsupportedLayerException(
        "DL4J has no counterpart of input rows of shape "
            + network.input()
            + "; networks are written whose rows are [size] or [channels, height, width].");
  }
}
