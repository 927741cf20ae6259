package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.Pooling;
import io.penstock.nn.layer.Window;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Pooling1D;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Pooling over windows of pictures and of signals. */
final class PoolingMapping implements LayerReader, LayerWriter {
  @Override
  public Set<Class<?>> reads() {
    return Set.of(
        SubsamplingLayer.class, Pooling2D.class, Subsampling1DLayer.class, Pooling1D.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Pooling.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    SubsamplingLayer layer = (SubsamplingLayer) source.layer();
    boolean signal = layer instanceof Subsampling1DLayer;
    if (signal) {
      reading.expect(
          source,
          Axes.SIGNAL,
          layer.getCnn2dDataFormat() == CNN2DFormat.NHWC ? RNNFormat.NWC : RNNFormat.NCW);
    }
    Pooling.Kind kind = kind(source, layer.getPoolingType());
    Window window =
        Windows.read(
            source,
            signal ? 1 : 2,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    boolean padded =
        layer.getConvolutionMode() == ConvolutionMode.Same || window.padding().size() > 0;
    if (kind == Pooling.Kind.AVERAGE && padded && layer.isAvgPoolIncludePadInDivisor()) {
      throw source.refuse(
          "it counts padding in its means, Penstock's does not; build it without"
              + " avgPoolIncludePadInDivisor.");
    }
    reading.add(source, new Pooling(kind, window));
  }

  @Override
  public void write(Target target, Writing writing) {
    Pooling pooling = (Pooling) target.layer();
    Window window = pooling.window();
    if (Windows.signal(window)) {
      writing.expect(target, Axes.SIGNAL);
      writing.add(line(pooling), target, WeightCopy.NONE);
    } else {
      writing.add(plane(pooling), target, WeightCopy.NONE);
    }
  }

  private static SubsamplingLayer plane(Pooling pooling) {
    Window window = pooling.window();
    return new SubsamplingLayer.Builder(Windows.size(window), Windows.stride(window))
        .poolingType(subsampling(pooling.kind()))
        .padding(Windows.padding(window))
        .convolutionMode(Windows.mode(window))
        .avgPoolIncludePadInDivisor(false)
        .build();
  }

  private static Subsampling1DLayer line(Pooling pooling) {
    Window window = pooling.window();
    return new Subsampling1DLayer.Builder(subsampling(pooling.kind()))
        .kernelSize(Windows.size(window)[0])
        .stride(Windows.stride(window)[0])
        .padding(Windows.padding(window)[0])
        .convolutionMode(Windows.mode(window))
        .dataFormat(CNN2DFormat.NCHW)
        .avgPoolIncludePadInDivisor(false)
        .build();
  }

  /**
   * Penstock's name.
   *
   * @throws UnsupportedLayerException if it has no such kind
   */
  static Pooling.Kind kind(Source source, PoolingType type) {
    return switch (type) {
      case MAX -> Pooling.Kind.MAX;
      case AVG -> Pooling.Kind.AVERAGE;
      default -> throw source.refuse("Penstock has no pooling " + type + "; use MAX or AVG.");
    };
  }

  private static SubsamplingLayer.PoolingType subsampling(Pooling.Kind kind) {
    return kind == Pooling.Kind.MAX
        ? SubsamplingLayer.PoolingType.MAX
        : SubsamplingLayer.PoolingType.AVG;
  }

  /** DL4J's name. */
  static PoolingType type(Pooling.Kind kind) {
    return kind == Pooling.Kind.MAX ? PoolingType.MAX : PoolingType.AVG;
  }
}
