package io.penstock.nn;

import io.penstock.Amount;
import java.util.ArrayList;
import java.util.List;

/** Shape inference: the shapes that rows have on their way through layers. Stateless. */
public final class Shapes {
  private Shapes() {}

  /**
   * Returns the shape before each layer, and after the last.
   *
   * @throws ShapeException that names the first layer that does not take its rows, or whose figures
   *     cannot be counted
   */
  public static List<Shape> between(List<Layer> layers, Shape input) {
    List<Shape> all = new ArrayList<>(List.of(input));
    for (int i = 0; i < layers.size(); i++) {
      all.add(checked(i, layers.get(i), all.get(i)));
    }
    return List.copyOf(all);
  }

  /** Returns the shape behind a layer, all of whose figures can be counted. */
  private static Shape checked(int index, Layer layer, Shape input) {
    try {
      Shape output = layer.outputShape(input);
      long size = Sizes.sum(layer.parameters(input).stream().mapToLong(ParameterSpec::size));
      if (size > Sizes.MOST) {
        throw new ShapeException(
            "it has "
                + new Amount(size, "parameter")
                + ", more than any memory holds; give it smaller sizes.");
      }
      layer.flops(input);
      layer.stashedFloats(input);
      return output;
    } catch (ShapeException e) {
      throw new ShapeException("Layer " + index + ", " + layer + ": " + e.getMessage());
    } catch (ArithmeticException e) {
      throw new ShapeException(
          "Layer "
              + index
              + ", "
              + layer
              + ": for rows of shape "
              + input
              + " it has more numbers, or takes more operations, than can be counted; give it"
              + " smaller sizes.");
    }
  }
}
