package io.penstock.nn.layer;

import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Chain of layers, one after another, as one layer, which no cut between stages goes through. Its
 * parameters are those of its layers, with the layer's index before their names: {@code 0.weights},
 * {@code 1.bias}. Immutable.
 *
 * @param layers one or more
 */
public record Chain(List<Layer> layers) implements Composite {
  private static final List<String> PREFIXES =
      IntStream.range(0, 64).mapToObj(layer -> layer + ".").toList();

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if it is empty, or a layer is one that joins others
   */
  public Chain {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "A layer of layers has none; give it one or more, such as Dense.of(10).");
    }
    for (Layer layer : layers) {
      boolean joins = layer.saves().isPresent() || layer.adds().isPresent();
      if (joins || layer.tiedTo().isPresent()) {
        throw new IllegalArgumentException(
            layer
                + " joins layers of the network itself, so it cannot be within another layer; put"
                + " it beside that one.");
      }
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    List<Shape> all = shapes(input);
    return all.get(layers.size());
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<Shape> all = shapes(input);
    List<ParameterSpec> specs = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      for (ParameterSpec spec : layers.get(i).parameters(all.get(i))) {
        if (!spec.trained()) {
          throw new ShapeException(
              layers.get(i)
                  + " gathers statistics, which a layer within another cannot; put it beside that"
                  + " one, and make skips with save and addSaved.");
        }
        specs.add(spec.named(prefix(i) + spec.name()));
      }
    }
    return specs;
  }

  @Override
  public long flops(Shape input) {
    List<Shape> all = shapes(input);
    return Sizes.sum(
        IntStream.range(0, layers.size()).mapToLong(i -> layers.get(i).flops(all.get(i))));
  }

  @Override
  public long stashedFloats(Shape input) {
    List<Shape> all = shapes(input);
    return Sizes.sum(
        IntStream.range(0, layers.size()).mapToLong(i -> layers.get(i).stashedFloats(all.get(i))));
  }

  @Override
  public long scratchFloats(Shape input) {
    List<Shape> all = shapes(input);
    return IntStream.range(0, layers.size())
        .mapToLong(i -> layers.get(i).scratchFloats(all.get(i)))
        .max()
        .orElseThrow();
  }

  @Override
  public int leastRows(Shape input) {
    List<Shape> all = shapes(input);
    return IntStream.range(0, layers.size())
        .map(i -> layers.get(i).leastRows(all.get(i)))
        .max()
        .orElseThrow();
  }

  @Override
  public boolean handsOn() {
    return layers.stream().allMatch(Layer::handsOn);
  }

  /** Returns whether the first layer hides such numbers; what others do is shown. */
  @Override
  public boolean hidesNotFinite() {
    return layers.get(0).hidesNotFinite();
  }

  /** Returns whether any layer does: behind it may be none but such as hand gradients on. */
  @Override
  public boolean hidesGradients() {
    return layers.stream().anyMatch(Layer::hidesGradients);
  }

  @Override
  public Stream<Layer> inLine() {
    return layers.stream().flatMap(Layer::inLine);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    return forward(layers, input, parameters, pass);
  }

  /** Runs the forward of layers that were checked. */
  static Forward forward(List<Layer> layers, INDArray input, Parameters parameters, Pass pass) {
    INDArray x = input;
    Backward[] backwards = new Backward[layers.size()];
    for (int i = 0; i < backwards.length; i++) {
      Layer layer = layers.get(i);
      if (i > 0 && layer.hidesNotFinite()) {
        pass.show(layer, x);
      }
      Forward done = layer.forward(x, parameters.part(prefix(i)), pass.inner(i));
      backwards[i] = done.backward();
      x = done.output();
    }
    return new Forward(x, new Back(backwards));
  }

  /** Returns the shape before each layer, and after the last. */
  private List<Shape> shapes(Shape input) {
    List<Shape> all = new ArrayList<>(List.of(input));
    for (int i = 0; i < layers.size(); i++) {
      try {
        all.add(layers.get(i).outputShape(all.get(i)));
      } catch (ShapeException e) {
        throw new ShapeException("Inner layer " + i + ", " + layers.get(i) + ": " + e.getMessage());
      }
    }
    return all;
  }

  /**
   * Returns the prefix of a layer's parameters; those of most chains are kept, so that a pass makes
   * none.
   */
  private static String prefix(int layer) {
    return layer < PREFIXES.size() ? PREFIXES.get(layer) : layer + ".";
  }

  /** Backward pass, which keeps the gradients of the inner outputs from one half for the other. */
  private static final class Back implements Backward {
    private final Backward[] layers;
    private final BackwardHalves<INDArray[]> outputGradients =
        new BackwardHalves<>(this::outputGradients);

    Back(Backward[] layers) {
      this.layers = layers;
    }

    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      return layers[0].inputGradient(outputGradients.compute(outputGradient)[0]);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      INDArray[] all = outputGradients.get(outputGradient);
      for (int i = 0; i < layers.length; i++) {
        layers[i].weightGradient(all[i], gradients.part(prefix(i)));
      }
    }

    private INDArray[] outputGradients(INDArray last) {
      INDArray[] all = new INDArray[layers.length];
      all[layers.length - 1] = last;
      for (int i = layers.length - 1; i > 0; i--) {
        all[i - 1] = layers[i].inputGradient(all[i]);
      }
      return all;
    }
  }
}
