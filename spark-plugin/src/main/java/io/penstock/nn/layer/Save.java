package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.Weightless;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Beginning of a skip connection: hands its input on as it is, and keeps it under a name for a
 * later {@link AddSaved}. Between stages it goes straight from the one to the other, not through
 * those in between (as torchgpipe's portals do: Kim et al. 2020, arXiv 2004.09910). Immutable.
 *
 * @param name what to call it; once in a network
 */
public record Save(@JsonProperty("name") String name) implements Layer {
  /**
   * @throws IllegalArgumentException if there is no name
   */
  @JsonCreator
  public Save {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException(
          "A saved array needs a name; call it as the layer that adds it does, such as 'block1'.");
    }
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    return 0;
  }

  @Override
  public boolean handsOn() {
    return true;
  }

  @Override
  public Optional<String> saves() {
    return Optional.of(name);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    return new Forward(memory.dense(input), new Weightless(memory::dense));
  }
}
