package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.GlobalPooling;
import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;

/** Pooling over whole pictures and signals. */
final class GlobalPoolingMapping implements LayerReader, LayerWriter {
  @Override
  public Set<Class<?>> reads() {
    return Set.of(GlobalPoolingLayer.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(GlobalPooling.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    GlobalPoolingLayer layer = (GlobalPoolingLayer) source.layer();
    if (reading.shape().rank() == 2) {
      checkSignal(source, layer.getPoolingDimensions(), reading);
    }
    if (!layer.isCollapseDimensions()) {
      throw source.refuse(
          "Penstock's global pooling leaves one number a channel, without height and width; build"
              + " it with collapseDimensions(true).");
    }
    reading.add(source, new GlobalPooling(PoolingMapping.kind(source, layer.getPoolingType())));
  }

  /** DL4J pools along the dimension that it is told to, whatever it means. */
  private static void checkSignal(Source source, int[] pooled, Reading reading) {
    RNNFormat format = reading.rows().format();
    int dimension = pooled == null ? 2 : pooled[0];
    reading.expect(source, Axes.SIGNAL, format);
    if (dimension != (format == RNNFormat.NWC ? 1 : 2)) {
      throw source.refuse(
          "it pools along dimensions "
              + Arrays.toString(pooled)
              + " of "
              + format
              + ", which is not the length; Penstock pools along that.");
    }
  }

  @Override
  public void write(Target target, Writing writing) {
    GlobalPooling pooling = (GlobalPooling) target.layer();
    if (target.input().rank() == 2) {
      writing.expect(target, Axes.SIGNAL);
    }
    writing.add(
        new GlobalPoolingLayer(PoolingMapping.type(pooling.kind())), target, WeightCopy.NONE);
  }
}
