package io.penstock.dl4j;

import io.penstock.nn.Activation;
import io.penstock.nn.Loss;
import io.penstock.nn.Losses;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Losses, with the activation before them. In DL4J softmax is such an activation. */
final class LossMapping implements LayerReader {
  @Override
  public Set<Class<?>> reads() {
    return Set.of(LossLayer.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    LossLayer layer = (LossLayer) source.layer();
    read(source, layer.getLossFn(), layer.getActivationFn(), reading);
  }

  /** Reads the loss of an output layer. */
  static void read(Source source, ILossFunction loss, IActivation activation, Reading reading) {
    // Softmax may stand in a layer of its own, before a loss that applies the identity.
    boolean softmax =
        activation instanceof ActivationSoftmax
            || (reading.endsWithSoftmax() && ActivationMapping.layer(source, activation).isEmpty());
    // LossMCXENT is what LossNegativeLogLikelihood and LossSparseMCXENT are, too.
    if (loss instanceof LossMCXENT entropy && entropy.getWeights() == null && softmax) {
      reading.loss(Losses.softmaxCrossEntropy());
    } else if (loss instanceof LossMSE squares && squares.getWeights() == null && !softmax) {
      reading.activation(source, activation);
      reading.loss(Losses.squaredError());
    } else {
      throw source.refuse(
          "Penstock has no loss "
              + loss
              + " with the activation "
              + activation
              + "; use MCXENT with softmax for classes, or MSE for numbers, without weights.");
    }
  }

  /** Whether the last dense layer of DL4J can have both this activation and this loss inside. */
  static boolean follows(Loss loss, Activation activation) {
    return !softmax(loss) || activation == Activation.IDENTITY;
  }

  /** DL4J's. */
  static ILossFunction function(Loss loss) {
    if (softmax(loss)) {
      return new LossMCXENT();
    }
    if (loss.equals(Losses.squaredError())) {
      return new LossMSE();
    }
    throw new UnsupportedLayerException(
        "DL4J has no counterpart of the loss "
            + loss.name()
            + "; give the network softmaxCrossEntropy or squaredError, which changes no weights.");
  }

  /** DL4J's before its loss. */
  static IActivation activation(Loss loss, Activation activation) {
    return softmax(loss) ? new ActivationSoftmax() : ActivationMapping.function(activation);
  }

  private static boolean softmax(Loss loss) {
    return loss.equals(Losses.softmaxCrossEntropy());
  }
}
