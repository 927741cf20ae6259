package io.penstock.nn.layer;

import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Weightless;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Global pooling, which makes one number of each channel: rows of {@code [channels, height, width]}
 * or {@code [channels, length]} become {@code [channels]}, whatever their size. Immutable.
 *
 * @param kind the largest number, or the mean
 */
public record GlobalPooling(Pooling.Kind kind) implements Layer {
  /** Refuses null. */
  public GlobalPooling {
    Objects.requireNonNull(kind, "A pooling layer needs a kind, such as MAX.");
  }

  @JsonCreator
  static GlobalPooling named(@JsonProperty("kind") String kind) {
    return new GlobalPooling(Pooling.Kind.named(kind));
  }

  @JsonProperty("kind")
  String name() {
    return kind.plainName();
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    check(input.rank(), input);
    return Shape.of(input.dims().get(0));
  }

  private static void check(int rank, Object shape) {
    if (rank != 2 && rank != 3) {
      throw new ShapeException(
          "Global pooling takes rows of [channels, height, width] or [channels, length], but these"
              + " have shape "
              + shape
              + "; leave it out where rows have one dimension already.");
    }
  }

  @Override
  public long flops(Shape input) {
    return input.size();
  }

  @Override
  public long stashedFloats(Shape input) {
    // Where the largest numbers were.
    long output = outputShape(input).size();
    return (kind == Pooling.Kind.MAX ? 3 : 2) * output;
  }

  @Override
  public long scratchFloats(Shape input) {
    return Math.addExact(Window.laidOut(input), outputShape(input).size());
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    long[] shape = input.shape();
    List<Long> dims = Arrays.stream(shape).skip(1).boxed().toList();
    check(dims.size(), dims);
    Window whole = Window.of(Arrays.copyOfRange(shape, 2, shape.length));
    Forward pooled = new Pooling(kind, whole).forward(input, pass.memory());
    long[] narrow = pooled.output().shape();
    return new Forward(
        pooled.output().reshape('c', shape[0], shape[1]),
        new Weightless(
            g -> pooled.backward().inputGradient(pass.memory().dense(g).reshape('c', narrow))));
  }
}
