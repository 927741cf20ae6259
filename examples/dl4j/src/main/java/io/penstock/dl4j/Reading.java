package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Flatten;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** A Penstock network in the making, layer by layer of DL4J's. For one thread. */
final class Reading {
  private final Shape input;
  private final Map<String, Activation> activations;
  private final List<ImportedLayer> layers = new ArrayList<>();
  private Shape shape;
  private SequenceRows rows = SequenceRows.UNKNOWN;
  private FeatureOrder order = FeatureOrder.SAME;
  private Source softmax;
  private Loss loss;

  /**
   * @param activations by names of layers, those that DL4J does not have
   */
  Reading(Shape input, Map<String, Activation> activations) {
    this.input = input;
    this.activations = activations;
    this.shape = input;
  }

  /** The shape of rows at this point, channels first. */
  Shape shape() {
    return shape;
  }

  /** What is known of rows of two dimensions at this point. */
  SequenceRows rows() {
    return rows;
  }

  /**
   * Learns what a layer takes or gives.
   *
   * @throws UnsupportedLayerException if that is not what comes
   */
  void expect(Source source, Axes axes, RNNFormat format) {
    rows = rows.expect(source, shape, axes, format);
  }

  /** DL4J makes a row of each step, or puts such rows together again. */
  void stepByStep(boolean apart) {
    rows = rows.stepByStep(apart);
  }

  /** Where DL4J has what Penstock has at a place of a row, at this point. */
  FeatureOrder order() {
    return order;
  }

  /** The same, for a layer behind which both have the same order. */
  FeatureOrder takeOrder() {
    FeatureOrder taken = order;
    order = FeatureOrder.SAME;
    return taken;
  }

  /** Adds a layer without weights. */
  void add(Source source, Layer layer) {
    add(source, layer, WeightCopy.NONE);
  }

  /**
   * Adds a layer.
   *
   * @throws UnsupportedLayerException if it does not fit the rows at this point
   */
  void add(Source source, Layer layer, WeightCopy copy) {
    if (softmax != null) {
      throw softmax.refuse(
          "softmax stands before other layers; Penstock has it in the loss alone: end with it.");
    }
    try {
      shape = layer.outputShape(shape);
    } catch (ShapeException e) {
      throw source.refuse(e.getMessage());
    }
    layers.add(new ImportedLayer(layer, source.index(), copy));
    if (shape.rank() != 2) {
      rows = SequenceRows.UNKNOWN;
    }
  }

  /** Adds a layer, and behind it the activation that DL4J has inside. */
  void add(Source source, Layer layer, IActivation inside, WeightCopy copy) {
    add(source, layer, copy);
    activation(source, inside);
  }

  /** Adds an activation. */
  void activation(Source source, IActivation function) {
    Activation own = activations.get(source.layer().getLayerName());
    if (own != null) {
      add(source, new ActivationLayer(own));
      return;
    }
    if (function instanceof ActivationSoftmax) {
      softmax = source;
      return;
    }
    ActivationMapping.layer(source, function).ifPresent(layer -> add(source, layer));
  }

  /** Makes pictures one-dimensional, which DL4J does in this order. */
  void flatten(Source source, boolean channelsLast) {
    if (shape.rank() == 1) {
      return;
    }
    FeatureOrder flat = channelsLast ? FeatureOrder.firstLast(shape) : FeatureOrder.SAME;
    add(source, new Flatten());
    order = flat;
  }

  /**
   * Makes rows of two dimensions one-dimensional, in the order that DL4J has them in.
   *
   * @throws UnsupportedLayerException if that is not known
   */
  void flattenSteps(Source source) {
    flatten(source, rows.swapped(source));
  }

  /** Sets the loss that the network has in DL4J. */
  void loss(Loss own) {
    loss = own;
  }

  /** Whether rows are probabilities that softmax made. */
  boolean endsWithSoftmax() {
    return softmax != null;
  }

  /** Takes away a sigmoid at the end, for a loss that has one inside; whether there was one. */
  boolean takeSigmoid() {
    boolean there = !layers.isEmpty() && sigmoid(layers.get(layers.size() - 1));
    if (there) {
      layers.remove(layers.size() - 1);
    }
    return there;
  }

  private static boolean sigmoid(ImportedLayer last) {
    return last.layer().equals(new ActivationLayer(Activation.SIGMOID));
  }

  /**
   * Ends the network.
   *
   * @param other the loss if the network has none of its own; null if that is not known
   * @throws UnsupportedLayerException if the end has no counterpart
   * @throws IllegalArgumentException if the loss is not known
   */
  ImportedNetwork end(Source last, Loss other) {
    Loss end = loss != null ? loss : other;
    if (end == null && softmax != null) {
      end = Losses.softmaxCrossEntropy();
    }
    if (end == null) {
      throw new IllegalArgumentException(
          last
              + " ends the network without a loss, which Penstock's networks have; name one in"
              + " read(..., loss), such as Losses.squaredError().");
    }
    if (softmax != null && !(end instanceof SoftmaxCrossEntropy)) {
      throw softmax.refuse(
          "softmax with the loss "
              + end.name()
              + "; Penstock has it with softmaxCrossEntropy alone: use that.");
    }
    if (loss == null && end.equals(Losses.sigmoidCrossEntropy())) {
      takeSigmoid();
    }
    if (!order.same()) {
      throw last.refuse(
          "the output is flattened in another order than Penstock's; end with a dense layer.");
    }
    if (shape.rank() == 2 && rows.axes() != Axes.SEQUENCE) {
      throw last.refuse(
          "the output rows are "
              + rows.axes().dims()
              + "; Penstock's losses take one vector, or a sequence of [length, classes].");
    }
    List<Layer> all = layers.stream().map(ImportedLayer::layer).toList();
    try {
      return new ImportedNetwork(new Sequential(input, all, end), layers);
    } catch (ShapeException e) {
      throw last.refuse(e.getMessage());
    }
  }
}
