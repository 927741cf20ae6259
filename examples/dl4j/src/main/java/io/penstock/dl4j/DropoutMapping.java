package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.Dropout;
import java.math.BigDecimal;
import java.util.Set;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/** Dropout. DL4J's probability is that of numbers that stay, Penstock's of those that go. */
final class DropoutMapping implements LayerReader, LayerWriter {
  @Override
  public Set<Class<?>> reads() {
    return Set.of(DropoutLayer.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Dropout.class);
  }

  /** Adds nothing: what a layer does to its input, this one too, was added before. */
  @Override
  public void read(Source source, Reading reading) {}

  /** Adds the dropout that DL4J does to the input of a layer, whatever its type. */
  static void readInput(Source source, Reading reading) {
    if (!drops(source.layer())) {
      return;
    }
    IDropout dropout = source.layer().getIDropout();
    if (!(dropout instanceof org.deeplearning4j.nn.conf.dropout.Dropout plain)
        || plain.getPSchedule() != null) {
      throw source.refuse(
          "Penstock has no dropout of the kind "
              + dropout.getClass().getSimpleName()
              + (dropout instanceof org.deeplearning4j.nn.conf.dropout.Dropout
                  ? " with a schedule"
                  : "")
              + "; use Dropout with a constant probability.");
    }
    reading.add(source, new Dropout(rest(plain.getP())));
  }

  /** Whether DL4J drops numbers of the input of this layer. */
  static boolean drops(org.deeplearning4j.nn.conf.layers.Layer layer) {
    IDropout dropout = layer.getIDropout();
    return dropout != null
        && !(dropout instanceof org.deeplearning4j.nn.conf.dropout.Dropout plain
            && plain.getPSchedule() == null
            && plain.getP() >= 1);
  }

  @Override
  public void write(Target target, Writing writing) {
    Dropout dropout = (Dropout) target.layer();
    if (dropout.probability() > 0) {
      writing.add(new DropoutLayer(rest(dropout.probability())), target, WeightCopy.NONE);
    }
  }

  /** What is left of 1; decimal, so that 0.2 and 0.8 belong together. */
  private static double rest(double probability) {
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(probability)).doubleValue();
  }
}
