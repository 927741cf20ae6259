package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.Embedding;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/**
 * Embeddings. DL4J's weights have a row for each id, Penstock's a column. DL4J knows no padding:
 * what it computes for negative ids is an exception.
 */
final class EmbeddingMapping implements LayerReader, LayerWriter {
  private static final String WEIGHTS = "weights";
  private static final String DL4J_WEIGHTS = "W";

  @Override
  public Set<Class<?>> reads() {
    return Set.of(EmbeddingSequenceLayer.class, EmbeddingLayer.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Embedding.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    FeedForwardLayer layer = (FeedForwardLayer) source.layer();
    if (hasBias(layer) || DropoutMapping.drops(layer)) {
      throw source.refuse(
          "Penstock's embeddings have neither a bias nor dropout of their ids; build it without.");
    }
    if (layer instanceof EmbeddingLayer && reading.shape().size() != 1) {
      throw source.refuse(
          "it takes one id a row but gets "
              + reading.shape()
              + "; use an EmbeddingSequenceLayer for sequences.");
    }
    reading.add(
        source,
        new Embedding(layer.getNIn(), layer.getNOut()),
        (dl4j, ours) -> WeightCopy.assign(ours.get(WEIGHTS), dl4j.get(DL4J_WEIGHTS).transpose()));
    if (layer instanceof EmbeddingSequenceLayer sequences) {
      reading.expect(source, Axes.SEQUENCE, SequenceRows.format(sequences.getOutputFormat()));
    } else {
      reading.flatten(source, false);
    }
    reading.activation(source, layer.getActivationFn());
  }

  private static boolean hasBias(FeedForwardLayer layer) {
    return layer instanceof EmbeddingSequenceLayer sequences
        ? sequences.hasBias()
        : ((EmbeddingLayer) layer).hasBias();
  }

  @Override
  public void write(Target target, Writing writing) {
    if (target.index() != 0) {
      throw target.refuse("DL4J's networks begin with it, or have none; make it the first layer.");
    }
    Embedding embedding = (Embedding) target.layer();
    writing.add(
        new EmbeddingSequenceLayer.Builder()
            .nIn(embedding.vocabulary())
            .nOut(embedding.width())
            .inputLength(Math.toIntExact(target.input().size()))
            .outputDataFormat(Writing.SEQUENCES),
        target,
        (dl4j, ours) -> WeightCopy.assign(dl4j.get(DL4J_WEIGHTS), ours.get(WEIGHTS).transpose()));
    writing.gives(Axes.SEQUENCE);
  }
}
