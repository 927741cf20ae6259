package io.penstock.nn.layer;

import io.penstock.compute.Geometry;
import io.penstock.compute.Memory;
import io.penstock.compute.Windows;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import io.penstock.nn.Weightless;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Max or average pooling, which makes one number of what a window sees in each channel: rows of
 * {@code [channels, height, width]} keep their channels and become smaller; with a window of one
 * dimension rows are {@code [channels, length]}. Padding counts for nothing: it is never the
 * largest number, and no part of a mean. Immutable.
 *
 * @param kind the largest number, or the mean
 * @param window what slides over the input, most often {@link Window#apart}
 */
public record Pooling(Kind kind, @JsonProperty("window") Window window) implements Layer {
  /** Reduction of the numbers of a window or channel to one. Immutable. */
  public enum Kind {
    /** The largest. */
    MAX,
    /** Their mean. */
    AVERAGE;

    static Kind named(String name) {
      return Arrays.stream(values())
          .filter(kind -> kind.name().equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "Unknown kind of pooling '" + name + "'; use max or average."));
    }

    String plainName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Refuses null. */
  public Pooling {
    Objects.requireNonNull(kind, "A pooling layer needs a kind, such as MAX.");
    Objects.requireNonNull(window, "A pooling layer needs a window, such as Window.of(2, 2).");
  }

  @JsonCreator
  static Pooling named(@JsonProperty("kind") String kind, @JsonProperty("window") Window window) {
    return new Pooling(Kind.named(kind), window);
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
    return window.places("Pooling", input, input.dims().get(0));
  }

  @Override
  public long flops(Shape input) {
    return Sizes.product(outputShape(input).size(), window.area());
  }

  @Override
  public long stashedFloats(Shape input) {
    // Where the largest numbers were.
    long output = outputShape(input).size();
    return (kind == Kind.MAX ? 3 : 2) * output;
  }

  @Override
  public long scratchFloats(Shape input) {
    return Math.addExact(Window.laidOut(input), Window.laidOut(outputShape(input)));
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    if (input.rank() != window.size().size() + 2) {
      throw new ShapeException(
          "Pooling with a window of "
              + window.size()
              + " got an input of shape "
              + Arrays.toString(input.shape())
              + "; give it [rows, channels"
              + (window.size().size() == 2 ? ", height, width]." : ", length]."));
    }
    return forward(input, pass.memory());
  }

  Forward forward(INDArray input, Memory memory) {
    INDArray x = memory.dense(input);
    Geometry geometry = window.over(x.shape());
    boolean largest = kind == Kind.MAX;
    INDArray output = memory.array(x.dataType(), window.shape(geometry, geometry.channels()));
    Windows windows = memory.compute(x).windows();
    long keeps = windows.poolingKeeps(geometry, largest);
    INDArray kept = keeps == 0 ? null : memory.array(x.dataType(), keeps);
    windows.pooling(geometry, largest, x, kept, output);
    return new Forward(
        output,
        new Weightless(
            g -> {
              INDArray gradient = memory.like(x);
              memory
                  .compute(x)
                  .windows()
                  .poolingGradient(geometry, largest, x, kept, memory.dense(g), gradient);
              return gradient;
            }));
  }
}
