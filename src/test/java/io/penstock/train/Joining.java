package io.penstock.train;

import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer as a user may write it: it computes as another does, and joins layers besides.
 *
 * @param inner says what it learns, what it is tied to and what it computes
 * @param saves the name under which its output is kept
 * @param adds the name of what is added to its output
 */
record Joining(Layer inner, Optional<String> saves, Optional<String> adds) implements Layer {
  /** One that joins nothing but what the other does. */
  static Joining of(Layer inner) {
    return new Joining(inner, Optional.empty(), Optional.empty());
  }

  Joining saving(String name) {
    return new Joining(inner, Optional.of(name), adds);
  }

  Joining adding(String name) {
    return new Joining(inner, saves, Optional.of(name));
  }

  @Override
  public OptionalInt tiedTo() {
    return inner.tiedTo();
  }

  @Override
  public void checkOwner(Shape input, List<ParameterSpec> owned) {
    inner.checkOwner(input, owned);
  }

  @Override
  public Shape outputShape(Shape input) {
    return inner.outputShape(input);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return inner.parameters(input);
  }

  @Override
  public long flops(Shape input) {
    return inner.flops(input);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    return inner.forward(input, parameters, pass);
  }
}
