package io.penstock.nn.network;

import io.penstock.compute.Memory;
import io.penstock.nn.Layer;
import io.penstock.nn.Loss;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Places;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Shapes;
import io.penstock.nn.Skip;
import io.penstock.nn.loss.Losses;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Description of a network: layers one after another, and the loss of the output. Immutable,
 * without weights; every shape is checked on construction: a network that exists fits.
 *
 * <pre>{@code
 * Sequential net = Sequential.input(784).dense(256, Activation.RELU).dropout(0.5).dense(10)
 *     .loss(Losses.softmaxCrossEntropy()).build();
 * }</pre>
 */
public final class Sequential implements Serializable {
  private static final long serialVersionUID = 1L;

  private final transient List<Layer> layers;
  private final transient Loss loss;

  /** The shape before each layer, and after the last. */
  private final transient List<Shape> shapes;

  private final transient InputRows rows;
  private final transient List<Skip> skips;
  private final transient Optional<Long> vocabulary;

  /**
   * @param input the shape of an input row
   * @param layers one layer or more
   * @throws ShapeException if a layer does not fit the one before it, or the loss the last
   */
  public Sequential(Shape input, List<Layer> layers, Loss loss) {
    this.layers = List.copyOf(layers);
    this.loss = loss;
    if (loss == null) {
      throw new IllegalArgumentException(
          "The network has no loss; add .loss(Losses.softmaxCrossEntropy()), or another.");
    }
    if (this.layers.isEmpty()) {
      throw new IllegalArgumentException("The network has no layers; add one, such as .dense(10).");
    }
    this.shapes = Shapes.between(this.layers, input);
    this.rows = new InputRows(input);
    this.skips = SkipsAndTies.skips(this.layers, shapes);
    SkipsAndTies.checkIds(this.layers);
    SkipsAndTies.checkTies(this);
    loss.checkOutput(output());
    this.vocabulary = SkipsAndTies.vocabulary(this.layers);
  }

  /** Begins a network whose input rows have these dimensions. */
  public static NetworkBuilder input(long... dims) {
    return new NetworkBuilder(Shape.of(dims));
  }

  /**
   * A multilayer perceptron for classes: dense layers with relu between them, and softmax
   * cross-entropy at the end.
   *
   * @param sizes the numbers in a row from the input to the output, such as 784, 256, 10
   */
  public static Sequential perceptron(int... sizes) {
    return perceptron(Losses.softmaxCrossEntropy(), sizes);
  }

  /** A multilayer perceptron with another loss, for which the last size may be 1. */
  public static Sequential perceptron(Loss loss, int... sizes) {
    if (sizes.length < 2) {
      throw new IllegalArgumentException(
          "A perceptron needs the size of its input and of its output, such as 784, 256, 10; got "
              + Arrays.toString(sizes)
              + ".");
    }
    int[] dense = Arrays.copyOfRange(sizes, 1, sizes.length);
    return input(sizes[0]).perceptron(dense).loss(loss).build();
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if the text is not a network, comes from a newer version, or
   *     names an unknown layer or loss; the message says which
   */
  public static Sequential fromJson(String json) {
    return NetworkJson.read(json, false);
  }

  /**
   * Reads what {@link #toWire} wrote in the same run. The text can hold serialised Java: never read
   * one that was kept in a file.
   *
   * @throws IllegalArgumentException as {@link #fromJson} throws it, or if the class of a custom
   *     layer's function is missing here
   */
  public static Sequential fromWire(String text) {
    return NetworkJson.read(text, true);
  }

  /**
   * Writes the network as JSON, with a format version; numbers come back exactly.
   *
   * @throws IllegalArgumentException if it holds a layer or loss that is not this library's
   */
  public String toJson() {
    return NetworkJson.write(this, false);
  }

  /**
   * Writes the network as text that travels to the tasks of a run, not to be kept: the JSON, in
   * which {@link io.penstock.nn.layer.Custom} layers are serialised Java.
   *
   * @throws IllegalArgumentException if a custom layer's function is not serialisable
   */
  public String toWire() {
    return NetworkJson.write(this, true);
  }

  /** Returns whether {@link #toJson} can write every layer, and those within: none is a user's. */
  public boolean isSaveable() {
    return layers.stream().allMatch(NetworkJson::hasType);
  }

  /** Returns the shape of an input row. */
  public Shape input() {
    return shapes.get(0);
  }

  /** Returns the layers, first to last. */
  public List<Layer> layers() {
    return layers;
  }

  /** Returns the loss of the output. */
  public Loss loss() {
    return loss;
  }

  /** Returns a row's shape before this layer; for {@code layers().size()}, after the last. */
  public Shape shape(int layer) {
    return shapes.get(layer);
  }

  /** Returns the shape of an output row. */
  public Shape output() {
    return shapes.get(layers.size());
  }

  /** Returns the skip connections, in ascending order of the layers that add what was saved. */
  public List<Skip> skips() {
    return skips;
  }

  /**
   * Returns the size of the vocabulary, where the network's input rows are token ids.
   *
   * @return empty if the rows are numbers
   */
  public Optional<Long> vocabulary() {
    return vocabulary;
  }

  /**
   * Returns the padding mask of an input; where none of the layers asks, none of it is padding.
   *
   * @param input as {@link #output} takes it
   */
  public Places places(INDArray input) {
    return asksPlaces(0, layers.size()) ? Places.of(shaped(input)) : Places.ALL;
  }

  /**
   * Returns whether some of the layers are to be told which places are padding.
   *
   * @param first the first of them
   * @param end the one behind the last
   */
  public boolean asksPlaces(int first, int end) {
    return vocabulary().isPresent()
        && layers.subList(first, end).stream().anyMatch(Layer::readsPlaces);
  }

  /**
   * Returns whether one of some consecutive layers asks for the labels of its rows.
   *
   * @param first inclusive
   * @param end exclusive
   */
  public boolean asksLabels(int first, int end) {
    return layers.subList(first, end).stream().anyMatch(Layer::readsLabels);
  }

  /** Returns the layer whose weights this one uses: itself, unless tied to an earlier one. */
  public int owner(int layer) {
    return layers.get(layer).tiedTo().orElse(layer);
  }

  /** Returns the specifications of this layer's parameters: weights, then statistics. */
  public List<ParameterSpec> parameters(int layer) {
    return layers.get(layer).parameters(shape(layer));
  }

  /** Returns how many weights and statistics this layer has. */
  public long parameterCount(int layer) {
    return parameters(layer).stream().mapToLong(ParameterSpec::size).sum();
  }

  /** Returns how many weights this layer has that are trained. */
  public long trainedCount(int layer) {
    return parameters(layer).stream()
        .filter(ParameterSpec::trained)
        .mapToLong(ParameterSpec::size)
        .sum();
  }

  /** Returns the stash of this layer for one row, in numbers: see {@link Layer#stashedFloats}. */
  public long stashedFloats(int layer) {
    return layers.get(layer).stashedFloats(shape(layer));
  }

  /** Returns the floating-point operations of this layer's forward pass of one row. */
  public long flops(int layer) {
    return layers.get(layer).flops(shape(layer));
  }

  /**
   * Gives rows the network's input shape.
   *
   * @param input {@code [rows, dims...]}, or flat as a DataFrame has them: {@code [rows, size]},
   *     the last dimension running fastest; where input rows have one dimension, also shorter ones,
   *     for they may be sequences: a layer that takes none but full ones says so itself
   * @throws ShapeException if its rows are none of these
   */
  public INDArray shaped(INDArray input) {
    return rows.shaped(input);
  }

  /**
   * Predicts: the raw output, before the loss's {@link Loss#prediction}.
   *
   * @param parameters the weights of every layer
   * @param input {@code [rows, dims...]} or {@code [rows, size]}; not changed
   * @throws ShapeException if the input's rows are not of the network's input shape
   */
  public INDArray output(List<Parameters> parameters, INDArray input) {
    return output(parameters, input, Memory.FRESH);
  }

  /**
   * Predicts with arrays from this memory, the result among them, and kernels that are compiled
   * once for a number of rows.
   */
  public INDArray output(List<Parameters> parameters, INDArray input, Memory memory) {
    return output(parameters, input, memory, ForwardPass.UNSEEN);
  }

  /** Predicts, with a visitor who looks at what each layer makes. */
  public INDArray output(
      List<Parameters> parameters, INDArray input, Memory memory, ForwardPass.Visitor visitor) {
    Pass pass = Pass.inference(0, memory).over(places(input));
    return ForwardPass.whole(this, parameters).run(input, new HashMap<>(), pass, visitor);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sequential that
        && input().equals(that.input())
        && layers.equals(that.layers)
        && loss.equals(that.loss);
  }

  @Override
  public int hashCode() {
    return Objects.hash(input(), layers, loss);
  }

  @Override
  public String toString() {
    return "Sequential[input=" + input() + ", layers=" + layers + ", loss=" + loss.name() + "]";
  }

  /** Replaces the network by its text where Java serialises it: see {@link #toWire}. */
  private Object writeReplace() {
    return new Wire(toWire());
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("A network travels as a Wire.");
  }
}
