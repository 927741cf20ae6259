package io.penstock.dl4j;

import io.penstock.Amount;
import io.penstock.nn.Layer;
import io.penstock.nn.layer.Convolution;
import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.util.Convolution1DUtils;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolutions over pictures and over signals. In both libraries the weights for pictures are
 * {@code [outputs, channels, height, width]}, whatever order DL4J has its channels in. Those for
 * signals have the shape {@code [outputs, channels, length, 1]} in DL4J, but are used as though
 * their numbers lay as {@code [length, channels, outputs]}.
 */
final class ConvolutionMapping implements LayerReader, LayerWriter {
  private static final String WEIGHTS = "weights";
  private static final String BIAS = "bias";
  private static final String DL4J_WEIGHTS = "W";
  private static final String DL4J_BIAS = "b";

  @Override
  public Set<Class<?>> reads() {
    return Set.of(
        ConvolutionLayer.class, Convolution2D.class, Convolution1DLayer.class, Convolution1D.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Convolution.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    ConvolutionLayer layer = (ConvolutionLayer) source.layer();
    boolean signal = layer instanceof Convolution1DLayer;
    if (layer instanceof Convolution1DLayer line) {
      reading.expect(source, Axes.SIGNAL, SequenceRows.format(line.getRnnDataFormat()));
    }
    if (reading.shape().rank() > 1 && layer.getNIn() != reading.shape().dims().get(0)) {
      throw source.refuse(
          "it takes "
              + new Amount(layer.getNIn(), "channel")
              + " but gets "
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
                signal ? 1 : 2,
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
        layer.getActivationFn(),
        (from, to) -> {
          INDArray weights = from.get(DL4J_WEIGHTS);
          WeightCopy.assign(to.get(WEIGHTS), signal ? asUsed(weights) : weights);
          if (bias) {
            WeightCopy.assign(to.get(BIAS), from.get(DL4J_BIAS));
          }
        });
  }

  @Override
  public void write(Target target, Writing writing) {
    Convolution ours = (Convolution) target.layer();
    boolean signal = Windows.signal(ours.window());
    if (signal) {
      writing.expect(target, Axes.SIGNAL);
    }
    writing.add(
        signal ? line(ours) : plane(ours),
        target,
        (to, from) -> {
          INDArray weights = to.get(DL4J_WEIGHTS);
          WeightCopy.assign(signal ? asUsed(weights) : weights, from.get(WEIGHTS));
          if (ours.bias()) {
            WeightCopy.assign(to.get(DL4J_BIAS), from.get(BIAS));
          }
        });
  }

  private static BaseLayer.Builder<?> plane(Convolution ours) {
    return new ConvolutionLayer.Builder(Windows.size(ours.window()))
        .stride(Windows.stride(ours.window()))
        .padding(Windows.padding(ours.window()))
        .convolutionMode(Windows.mode(ours.window()))
        .nOut(ours.outputs())
        .hasBias(ours.bias());
  }

  private static BaseLayer.Builder<?> line(Convolution ours) {
    return new Convolution1DLayer.Builder(
            Windows.size(ours.window())[0],
            Windows.stride(ours.window())[0],
            Windows.padding(ours.window())[0])
        .rnnDataFormat(Writing.SIGNALS)
        .convolutionMode(Windows.mode(ours.window()))
        .nOut(ours.outputs())
        .hasBias(ours.bias());
  }

  /** A view of DL4J's weights for signals as {@code [outputs, channels, length]}. */
  private static INDArray asUsed(INDArray weights) {
    return Convolution1DUtils.reshapeWeightArrayOrGradientForFormat(weights, RNNFormat.NCW)
        .permute(2, 1, 0);
  }
}
