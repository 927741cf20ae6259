package io.penstock.dl4j;

import io.penstock.nn.GlobalPooling;
import io.penstock.nn.Layer;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;

/** Pooling over whole pictures. */
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
    if (reading.shape().rank() != 3) {
      throw source.refuse(
          "it gets rows of "
              + reading.shape()
              + "; global pooling is read over pictures of [channels, height, width] alone.");
    }
    if (!layer.isCollapseDimensions()) {
      throw source.refuse(
          "Penstock's global pooling leaves one number a channel, without height and width; build"
              + " it with collapseDimensions(true).");
    }
    reading.add(source, new GlobalPooling(PoolingMapping.kind(source, layer.getPoolingType())));
  }

  @Override
  public void write(Target target, Writing writing) {
    GlobalPooling pooling = (GlobalPooling) target.layer();
    if (target.input().rank() != 3) {
      throw target.refuse(
          "global pooling is written over pictures of [channels, height, width], but its rows are "
              + target.input()
              + ".");
    }
    writing.add(
        new GlobalPoolingLayer(PoolingMapping.type(pooling.kind())), target, WeightCopy.NONE);
  }
}
