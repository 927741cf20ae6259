package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Flatten;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;

/** A DL4J network in the making, layer by layer of Penstock's. For one thread. */
final class Writing {
  /** DL4J's order of sequences that is Penstock's, {@code [length, width]}. */
  static final RNNFormat SEQUENCES = RNNFormat.NWC;

  /** DL4J's order of signals that is Penstock's, {@code [channels, length]}. */
  static final RNNFormat SIGNALS = RNNFormat.NCW;

  /** Where the weights of a DL4J layer come from. */
  private record Origin(int layer, WeightCopy copy) {}

  private final Sequential network;
  private final NeuralNetConfiguration.ListBuilder list =
      // Otherwise DL4J takes the length of a sequence for the vocabulary of its embedding.
      new NeuralNetConfiguration.Builder().list().overrideNinUponBuild(false);
  private final List<Origin> origins = new ArrayList<>();
  private InputPreProcessor reshape;
  private boolean stepByStep;
  private Axes axes = Axes.UNKNOWN;
  private Axes inputAxes = Axes.UNKNOWN;
  private boolean atInput = true;
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
    if (target.input().rank() != 2) {
      axes = Axes.UNKNOWN;
      atInput = false;
    }
    return target;
  }

  /**
   * Learns what a layer takes rows of two dimensions for.
   *
   * @throws UnsupportedLayerException if the layers before take them for something else
   */
  void expect(Target target, Axes wanted) {
    if (axes != Axes.UNKNOWN && axes != wanted) {
      throw target.refuse(
          "it takes its rows for "
              + wanted.dims()
              + ", the layers before for "
              + axes.dims()
              + "; DL4J has them one way in a network.");
    }
    axes = wanted;
    if (atInput) {
      inputAxes = wanted;
    }
  }

  /** Says what rows a layer gives. */
  void gives(Axes given) {
    axes = given;
  }

  /** The next layer if it is of this kind; it is taken. */
  boolean takeIf(Layer kind) {
    if (atEnd() || !network.layers().get(next).equals(kind)) {
      return false;
    }
    next++;
    return true;
  }

  /** The activation that comes next, which is taken; the identity if it is something else. */
  private Activation takeActivation() {
    if (atEnd() || !(network.layers().get(next) instanceof ActivationLayer layer)) {
      return Activation.IDENTITY;
    }
    next++;
    return layer.function();
  }

  /** Whether nothing comes but the loss, and an activation that its layer can have inside. */
  boolean lossFollows() {
    List<Layer> rest = network.layers().subList(next, network.layers().size());
    return rest.isEmpty()
        || (rest.size() == 1
            && rest.get(0) instanceof ActivationLayer last
            && LossMapping.follows(loss(), last.function()));
  }

  /** Whether the network's rows, of whatever shape, come as flat ones in DL4J. */
  private boolean flatInput() {
    return network.input().rank() == 1
        || (network.input().rank() == 2 && network.layers().get(0) instanceof Flatten);
  }

  /** Makes pictures of this shape flat before the next layer. */
  void flattenPictures(Shape picture) {
    List<Long> dims = picture.dims();
    reshape = new CnnToFeedForwardPreProcessor(dims.get(1), dims.get(2), dims.get(0));
  }

  /** Makes rows of two dimensions flat. */
  void flattenSteps(Shape row, Target target) {
    joinSteps(target);
    reshape =
        new ReshapePreprocessor(
            new long[] {row.dims().get(0), row.dims().get(1)}, new long[] {row.size()}, false);
    // DL4J would think that a dense layer behind a convolution takes one channel.
    addNothing(target);
  }

  /** Has DL4J make a row of each step, for a layer that knows no time. */
  void splitSteps() {
    if (!stepByStep) {
      reshape = new RnnToFeedForwardPreProcessor(SEQUENCES);
      stepByStep = true;
    }
  }

  /** Has DL4J put the steps of each sequence together again, if they are apart. */
  void joinSteps(Target target) {
    if (stepByStep) {
      reshape = new FeedForwardToRnnPreProcessor(SEQUENCES);
      stepByStep = false;
      addNothing(target);
    }
  }

  private void addNothing(Target target) {
    add(
        new org.deeplearning4j.nn.conf.layers.ActivationLayer(
            ActivationMapping.function(Activation.IDENTITY)),
        target,
        WeightCopy.NONE);
  }

  /** Adds a layer, with weights from this one of Penstock's. */
  void add(org.deeplearning4j.nn.conf.layers.Layer layer, Target target, WeightCopy copy) {
    add(layer, new Origin(target.index(), copy));
  }

  /** Adds a layer with the activation that comes next inside, which is taken. */
  void add(BaseLayer.Builder<?> layer, Target target, WeightCopy copy) {
    layer.activation(ActivationMapping.function(takeActivation()));
    add((BaseLayer) layer.build(), target, copy);
  }

  /** Adds the last layer with weights, which has the loss and the activation before it inside. */
  void addEnd(BaseOutputLayer.Builder<?> layer, Target target, WeightCopy copy) {
    addLoss(layer, new Origin(target.index(), copy));
  }

  private void addLoss(BaseOutputLayer.Builder<?> layer, Origin origin) {
    layer.lossFunction(LossMapping.function(loss()));
    layer.activation(LossMapping.activation(loss(), takeActivation()));
    add((org.deeplearning4j.nn.conf.layers.Layer) layer.build(), origin);
    hasLoss = true;
  }

  private void add(org.deeplearning4j.nn.conf.layers.Layer layer, Origin origin) {
    if (reshape != null) {
      list.inputPreProcessor(origins.size(), reshape);
      reshape = null;
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
      addLoss(end(), new Origin(network.layers().size() - 1, WeightCopy.NONE));
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

  private BaseOutputLayer.Builder<?> end() {
    if (network.output().rank() != 2) {
      return new LossLayer.Builder();
    }
    if (axes != Axes.SEQUENCE) {
      throw new UnsupportedLayerException(
          "DL4J has no loss over output rows of "
              + axes.dims()
              + "; end the network with one vector, or a sequence of [length, classes].");
    }
    if (stepByStep) {
      reshape = new FeedForwardToRnnPreProcessor(SEQUENCES);
    }
    return new RnnLossLayer.Builder().dataFormat(SEQUENCES);
  }

  private InputType inputType() {
    List<Long> dims = network.input().dims();
    if (dims.size() == 3) {
      return InputType.convolutionalFlat(dims.get(1), dims.get(2), dims.get(0));
    }
    if (flatInput()) {
      return InputType.feedForward(network.input().size());
    }
    if (inputAxes == Axes.SEQUENCE) {
      return InputType.recurrent(dims.get(1), dims.get(0), SEQUENCES);
    }
    if (inputAxes == Axes.SIGNAL) {
      return InputType.recurrent(dims.get(0), dims.get(1), SIGNALS);
    }
    throw new UnsupportedLayerException(
        "DL4J has no counterpart of input rows of shape "
            + network.input()
            + "; networks are written whose rows are [size], [channels, height, width], [length,"
            + " width] or [channels, length].");
  }
}
