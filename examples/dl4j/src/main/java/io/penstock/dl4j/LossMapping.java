package io.penstock.dl4j;

import io.penstock.nn.Loss;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * Losses, with the activation before them. In DL4J softmax and sigmoid are such activations. Its
 * binary cross-entropy is the sum over outputs where Penstock's is their mean.
 */
final class LossMapping implements LayerReader {
  @Override
  public Set<Class<?>> reads() {
    return Set.of(LossLayer.class, RnnLossLayer.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    if (source.layer() instanceof RnnLossLayer layer) {
      reading.expect(source, Axes.SEQUENCE, SequenceRows.format(layer.getRnnDataFormat()));
      read(source, layer.getLossFn(), layer.getActivationFn(), reading);
    } else {
      LossLayer layer = (LossLayer) source.layer();
      read(source, layer.getLossFn(), layer.getActivationFn(), reading);
    }
  }

  /** Reads the loss of an output layer. */
  static void read(Source source, ILossFunction loss, IActivation activation, Reading reading) {
    if (loss instanceof LossMCXENT entropy && unweighted(entropy.getWeights())) {
      // That is what LossNegativeLogLikelihood and LossSparseMCXENT are, too.
      readSoftmax(source, activation, reading);
    } else if (loss instanceof LossBinaryXENT entropy && unweighted(entropy.getWeights())) {
      readSigmoid(source, activation, reading);
    } else if (loss instanceof LossMSE squares && unweighted(squares.getWeights())) {
      reading.activation(source, activation);
      reading.loss(Losses.squaredError());
    } else if (loss instanceof LossMAE sizes && unweighted(sizes.getWeights())) {
      reading.activation(source, activation);
      reading.loss(Losses.absoluteError());
    } else {
      throw refuse(source, loss, activation);
    }
  }

  private static boolean unweighted(INDArray weights) {
    return weights == null;
  }

  private static void readSoftmax(Source source, IActivation activation, Reading reading) {
    // Softmax may stand in a layer of its own, before a loss that applies the identity.
    if (!reading.endsWithSoftmax() || ActivationMapping.layer(source, activation).isPresent()) {
      if (!(activation instanceof ActivationSoftmax)) {
        throw refuse(source, new LossMCXENT(), activation);
      }
      reading.activation(source, activation);
    }
    reading.loss(Losses.softmaxCrossEntropy());
  }

  private static void readSigmoid(Source source, IActivation activation, Reading reading) {
    boolean inside = activation instanceof ActivationSigmoid;
    if (!inside
        && (ActivationMapping.layer(source, activation).isPresent() || !reading.takeSigmoid())) {
      throw refuse(source, new LossBinaryXENT(), activation);
    }
    reading.loss(Losses.sigmoidCrossEntropy());
  }

  private static UnsupportedLayerException refuse(
      Source source, ILossFunction loss, IActivation activation) {
    return source.refuse(
        "Penstock has no loss "
            + loss
            + " with the activation "
            + activation
            + "; use MCXENT with softmax for classes, XENT with sigmoid for questions of yes or no,"
            + " or MSE or MAE for numbers, without weights.");
  }

  /** Whether the last dense layer of DL4J can have both this activation and this loss inside. */
  static boolean follows(Loss loss, Activation activation) {
    return activation == Activation.IDENTITY || !hasActivation(loss);
  }

  /** DL4J's. */
  static ILossFunction function(Loss loss) {
    if (loss instanceof SoftmaxCrossEntropy softmax && softmax.smoothing() == 0) {
      return new LossMCXENT();
    }
    if (loss.equals(Losses.sigmoidCrossEntropy())) {
      return new LossBinaryXENT();
    }
    if (loss.equals(Losses.squaredError())) {
      return new LossMSE();
    }
    if (loss.equals(Losses.absoluteError())) {
      return new LossMAE();
    }
    throw new UnsupportedLayerException(
        "DL4J has no counterpart of the loss "
            + loss.name()
            + (loss instanceof SoftmaxCrossEntropy softmax
                ? " with a label smoothing of " + softmax.smoothing()
                : "")
            + "; write TrainedNetwork.withLoss(...) with another, such as"
            + " Losses.softmaxCrossEntropy(): it changes no weights.");
  }

  /** DL4J's before its loss. */
  static IActivation activation(Loss loss, Activation activation) {
    if (loss instanceof SoftmaxCrossEntropy) {
      return new ActivationSoftmax();
    }
    return hasActivation(loss) ? new ActivationSigmoid() : ActivationMapping.function(activation);
  }

  /** Whether Penstock's loss applies an activation of its own. */
  private static boolean hasActivation(Loss loss) {
    return loss instanceof SoftmaxCrossEntropy || loss.equals(Losses.sigmoidCrossEntropy());
  }
}
