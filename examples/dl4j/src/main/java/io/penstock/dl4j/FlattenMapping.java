package io.penstock.dl4j;

import io.penstock.nn.Flatten;
import io.penstock.nn.Layer;
import java.util.Set;

/** Flatten layers, which are preprocessors of the next layer in DL4J. */
final class FlattenMapping implements LayerWriter {
  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(Flatten.class);
  }

  @Override
  public void write(Target target, Writing writing) {
    if (target.input().rank() == 3) {
      writing.flattenPictures(target.input());
    } else if (target.input().rank() != 1 && !writing.flatInput()) {
      throw target.refuse(
          "DL4J flattens pictures of [channels, height, width] but not rows of "
              + target.input()
              + "; end the sequence with a layer that makes one vector of it.");
    }
  }
}
