package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.Pooling;
import io.penstock.nn.Window;
import java.util.Set;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Pooling over windows of pictures. */
final class PoolingMapping implements LayerReader, LayerWriter {
  @Override
  public Set<Class<?>> reads() {
    return Set.of(SubsamplingLayer.class, Pooling2D.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Pooling.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    SubsamplingLayer layer = (SubsamplingLayer) source.layer();
    Pooling.Kind kind = kind(source, layer.getPoolingType());
    Window window =
        Windows.read(
            source,
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
    Windows.check(target, window);
    SubsamplingLayer layer =
        new SubsamplingLayer.Builder(Windows.size(window), Windows.stride(window))
            .poolingType(subsampling(pooling.kind()))
            .padding(Windows.padding(window))
            .convolutionMode(Windows.mode(window))
            .avgPoolIncludePadInDivisor(false)
            .build();
    writing.add(layer, target, WeightCopy.NONE);
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
