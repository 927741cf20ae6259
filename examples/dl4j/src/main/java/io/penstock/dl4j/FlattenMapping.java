package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.Flatten;
import java.util.Set;

/** Flatten layers, which are preprocessors of the next layer in DL4J. */
final class FlattenMapping implements LayerWriter {
  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Flatten.class);
  }

  @Override
  public void write(Target target, Writing writing) {
    int rank = target.input().rank();
    if (rank == 3) {
      writing.flattenPictures(target.input());
    } else if (rank == 2 && target.index() > 0) {
      writing.flattenSteps(target.input(), target);
    }
  }
}
