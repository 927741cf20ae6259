package io.penstock.dl4j;

import io.penstock.nn.Activation;
import io.penstock.nn.Convolution;
import io.penstock.nn.Layer;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/**
 * Convolutions over pictures. In both libraries their weights are {@code [outputs, channels,
 * height, width]}, whatever order DL4J has its channels in.
 */
final class ConvolutionMapping implements LayerReader, LayerWriter {
  private static final String WEIGHTS = "weights";
  private static final String BIAS = "bias";
  private static final String DL4J_WEIGHTS = "W";
  private static final String DL4J_BIAS = "b";

  @Override
  public Set<Class<?>> reads() {
    return Set.of(ConvolutionLayer.class, Convolution2D.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Convolution.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    ConvolutionLayer layer = (ConvolutionLayer) source.layer();
    if (reading.shape().rank() == 3 && layer.getNIn() != reading.shape().dims().get(0)) {
      throw source.refuse(
          "it takes pictures of "
              + layer.getNIn()
              + " channels but gets "
              + reading.shape()
              + "; give the shape of the network's input rows with channels first, such as"
              + " Shape.of(3, 32, 32).");
    }
    boolean bias = layer.hasBias();
    Convolution ours =
        new Convolution(
            layer.getNOut(),
            Windows.read(
                source,
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation(),
                layer.getConvolutionMode()),
            bias,
            ActivationMapping.gain(layer.getActivationFn()));
    reading.add(
        source,
        ours,
        (from, to) -> {
          WeightCopy.assign(to.get(WEIGHTS), from.get(DL4J_WEIGHTS));
          if (bias) {
            WeightCopy.assign(to.get(BIAS), from.get(DL4J_BIAS));
          }
        });
    reading.activation(source, layer.getActivationFn());
  }

  @Override
  public void write(Target target, Writing writing) {
    Convolution ours = (Convolution) target.layer();
    Windows.check(target, ours.window());
    Activation activation = writing.takeActivation();
    ConvolutionLayer layer =
        new ConvolutionLayer.Builder(Windows.size(ours.window()))
            .stride(Windows.stride(ours.window()))
            .padding(Windows.padding(ours.window()))
            .convolutionMode(Windows.mode(ours.window()))
            .nOut(ours.outputs())
            .hasBias(ours.bias())
            .activation(ActivationMapping.function(activation))
            .build();
    writing.add(
        layer,
        target,
        (to, from) -> {
          WeightCopy.assign(to.get(DL4J_WEIGHTS), from.get(WEIGHTS));
          if (ours.bias()) {
            WeightCopy.assign(to.get(DL4J_BIAS), from.get(BIAS));
          }
        });
  }
}
