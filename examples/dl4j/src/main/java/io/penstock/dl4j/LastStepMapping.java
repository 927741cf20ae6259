package io.penstock.dl4j;

import io.penstock.nn.layer.LastStep;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;

/** The last step of sequences, which in DL4J is wrapped around the layer before. */
final class LastStepMapping implements LayerReader, LayerWriter {
  @Override
  public Set<Class<?>> reads() {
    return Set.of(LastTimeStep.class);
  }

  @Override
  public Set<Class<? extends io.penstock.nn.Layer>> writes() {
    return Set.of(LastStep.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    Layer inside = ((LastTimeStep) source.layer()).getUnderlying();
    Source wrapped = new Source(source.index(), inside);
    DropoutMapping.readInput(wrapped, reading);
    LayerMappings.reader(wrapped).read(wrapped, reading);
    if (reading.rows().axes() != Axes.SEQUENCE) {
      throw source.refuse("it wraps a layer that gives no sequences; wrap it around an LSTM.");
    }
    reading.add(source, new LastStep());
  }

  /** Refuses: the LSTM before takes it along where DL4J can have it. */
  @Override
  public void write(Target target, Writing writing) {
    throw target.refuse(
        "DL4J takes the last step of a recurrent layer alone; let it follow the LSTM at once.");
  }
}
