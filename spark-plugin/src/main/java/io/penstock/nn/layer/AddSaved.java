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
 * End of a skip connection: adds what {@link Save} kept under a name, of the same shape. The
 * gradient of its output is that of both. Immutable.
 *
 * @param name the name under which an earlier layer saved it
 */
public record AddSaved(@JsonProperty("name") String name) implements Layer {
  /**
   * @throws IllegalArgumentException if there is no name
   */
  @JsonCreator
  public AddSaved {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException(
          "What is to be added needs the name under which an earlier layer saved it.");
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
    return input.size();
  }

  @Override
  public Optional<String> adds() {
    return Optional.of(name);
  }

  /** Returns its input, to which the rest is added. */
  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    return new Forward(memory.dense(input), new Weightless(memory::dense));
  }
}
