package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/**
 * Activations. Their names are the same in both libraries, for Penstock's are ND4J's, but for GELU:
 * DL4J's is the form with a sigmoid, and its other one, the "precise" one, is neither of
 * Penstock's.
 */
final class ActivationMapping implements LayerReader, LayerWriter {
  @Override
  public Set<Class<?>> reads() {
    return Set.of(org.deeplearning4j.nn.conf.layers.ActivationLayer.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(ActivationLayer.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    var layer = (org.deeplearning4j.nn.conf.layers.ActivationLayer) source.layer();
    reading.activation(source, layer.getActivationFn());
  }

  @Override
  public void write(Target target, Writing writing) {
    ActivationLayer layer = (ActivationLayer) target.layer();
    writing.add(
        new org.deeplearning4j.nn.conf.layers.ActivationLayer.Builder()
            .activation(function(layer.function()))
            .build(),
        target,
        WeightCopy.NONE);
  }

  /**
   * ND4J's.
   *
   * @throws UnsupportedLayerException if it does not have it
   */
  static IActivation function(Activation activation) {
    return counterpart(activation)
        .orElseThrow(
            () ->
                new UnsupportedLayerException(
                    "DL4J has no activation "
                        + activation.name().toLowerCase(Locale.ROOT)
                        + "; its GELU is Penstock's gelu_sigmoid: train the network with that, or"
                        + " with another activation."));
  }

  private static Optional<IActivation> counterpart(Activation activation) {
    return switch (activation) {
      case GELU, GELU_TANH -> Optional.empty();
      case GELU_SIGMOID -> Optional.of(new ActivationGELU(false));
      default ->
          Optional.of(
              org.nd4j.linalg.activations.Activation.valueOf(activation.name())
                  .getActivationFunction());
    };
  }

  /** How much larger the weights before it begin. */
  static double gain(IActivation function) {
    return named(function).orElse(Activation.IDENTITY).gain();
  }

  /**
   * The layer of an activation; none for the identity.
   *
   * @throws UnsupportedLayerException if Penstock does not have it
   */
  static Optional<Layer> layer(Source source, IActivation function) {
    Activation activation =
        named(function)
            .orElseThrow(
                () ->
                    source.refuse(
                        "Penstock has no activation "
                            + function
                            + "; use one of "
                            + Arrays.toString(Activation.values()).toLowerCase(Locale.ROOT)
                            + ", or softmax at the end."));
    return activation == Activation.IDENTITY
        ? Optional.empty()
        : Optional.of(new ActivationLayer(activation));
  }

  private static Optional<Activation> named(IActivation function) {
    IActivation plain = plain(function);
    return Arrays.stream(Activation.values())
        .filter(a -> counterpart(a).filter(plain::equals).isPresent())
        .findFirst();
  }

  /** ReLU with a threshold of 0 and without a maximum goes by another name. */
  private static IActivation plain(IActivation function) {
    if (!(function instanceof ActivationReLU relu)
        || relu.getMax() != null
        || number(relu.getThreshold()) != 0) {
      return function;
    }
    double slope = number(relu.getNegativeSlope());
    return slope == 0 ? new ActivationReLU() : new ActivationLReLU(slope);
  }

  private static double number(Double value) {
    return value == null ? 0 : value;
  }
}
