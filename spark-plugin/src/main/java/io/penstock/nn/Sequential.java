package io.penstock.nn;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The description of a network: layers one after another, and the loss of what comes out.
 * Immutable, without weights; every shape is checked on construction, so a network that exists fits
 * together.
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

  private final transient List<Skip> skips;

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
    List<Shape> all = new ArrayList<>(List.of(input));
    for (int i = 0; i < this.layers.size(); i++) {
      try {
        all.add(this.layers.get(i).outputShape(all.get(i)));
      } catch (ShapeException e) {
        throw new ShapeException("Layer " + i + ", " + this.layers.get(i) + ": " + e.getMessage());
      }
    }
    this.shapes = List.copyOf(all);
    this.skips = Wiring.skips(this.layers, shapes);
    Wiring.checkTies(this);
    loss.checkOutput(output());
  }

  /** Begins a network whose input rows have these dimensions. */
  public static Builder input(long... dims) {
    return new Builder(Shape.of(dims));
  }

  /**
   * A multilayer perceptron for classes: dense layers with relu between them, and softmax
   * cross-entropy at the end.
   *
   * @param sizes the numbers in a row from the input to the output, such as 784, 256, 10
   */
  public static Sequential perceptron(int... sizes) {
    if (sizes.length < 2) {
      throw new IllegalArgumentException(
          "A perceptron needs the size of its input and of its output, such as 784, 256, 10; got "
              + Arrays.toString(sizes)
              + ".");
    }
    Builder builder = input(sizes[0]);
    for (int i = 1; i < sizes.length - 1; i++) {
      builder.dense(sizes[i], Activation.RELU);
    }
    return builder.dense(sizes[sizes.length - 1]).loss(Losses.softmaxCrossEntropy()).build();
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
   * The network as JSON, with a format version; numbers come back exactly.
   *
   * @throws IllegalArgumentException if it holds a layer or loss that is not this library's
   */
  public String toJson() {
    return NetworkJson.write(this, false);
  }

  /**
   * The network as text that travels to the tasks of a run, not to be kept: the JSON, in which
   * {@link Custom} layers are serialised Java.
   *
   * @throws IllegalArgumentException if a custom layer's function is not serialisable
   */
  public String toWire() {
    return NetworkJson.write(this, true);
  }

  /** Whether every layer can be written to a file: no {@link Custom} one. */
  public boolean isSaveable() {
    return layers.stream().noneMatch(Custom.class::isInstance);
  }

  /** The shape of an input row. */
  public Shape input() {
    return shapes.get(0);
  }

  /** The layers, first to last. */
  public List<Layer> layers() {
    return layers;
  }

  /** The loss of the output. */
  public Loss loss() {
    return loss;
  }

  /** The shape of a row before this layer; after the last one for {@code layers().size()}. */
  public Shape shape(int layer) {
    return shapes.get(layer);
  }

  /** The shape of an output row. */
  public Shape output() {
    return shapes.get(layers.size());
  }

  /** Skip connections, in ascending order of the layers that add what was saved. */
  public List<Skip> skips() {
    return skips;
  }

  /** The layer whose weights this one uses: itself, unless it is tied to an earlier one. */
  public int owner(int layer) {
    return layers.get(layer) instanceof TiedDense tied ? tied.layer() : layer;
  }

  /** What this layer learns. */
  public List<ParameterSpec> parameters(int layer) {
    return layers.get(layer).parameters(shape(layer));
  }

  /** How many weights and statistics this layer has. */
  public long parameterCount(int layer) {
    return parameters(layer).stream().mapToLong(ParameterSpec::size).sum();
  }

  /** How many weights this layer has that are trained. */
  public long trainedCount(int layer) {
    return parameters(layer).stream()
        .filter(ParameterSpec::trained)
        .mapToLong(ParameterSpec::size)
        .sum();
  }

  /** Floating-point operations of this layer's forward pass of one row. */
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
    long[] wanted = input().withRows(input.size(0));
    if (Arrays.equals(input.shape(), wanted)) {
      return input;
    }
    if (input.rank() == 2 && input.size(1) == input().size()) {
      return Blank.ordered(input, 'c').reshape('c', wanted);
    }
    if (input.rank() == 2 && input().rank() == 1 && input.size(1) < input().size()) {
      return input;
    }
    throw new ShapeException(
        "The network takes rows of shape "
            + input()
            + " but the input has shape "
            + Arrays.toString(input.shape())
            + "; its first dimension is the rows, the others must be the same.");
  }

  /**
   * Predicts: the raw output, before the loss's {@link Loss#prediction}.
   *
   * @param parameters the weights of every layer
   * @param input {@code [rows, dims...]} or {@code [rows, size]}; not changed
   * @throws ShapeException if the input's rows are not of the network's input shape
   */
  public INDArray output(List<Parameters> parameters, INDArray input) {
    if (parameters.size() != layers.size()) {
      throw new IllegalArgumentException(
          "The network has "
              + layers.size()
              + " layers but weights came for "
              + parameters.size()
              + "; give one Parameters for each layer, empty ones included.");
    }
    INDArray x = shaped(input);
    Map<String, INDArray> saved = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      Parameters own = parameters.get(owner(i));
      Pass pass = Pass.inference(i);
      if (layers.get(i) instanceof AddSaved add) {
        x = add.forward(x, saved.get(add.name()), pass).output();
      } else {
        x = layers.get(i).forward(x, own, pass).output();
      }
      if (layers.get(i) instanceof Save save) {
        saved.put(save.name(), x);
      }
    }
    return x;
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

  /** As Java it travels as text: see {@link #toWire}. */
  private Object writeReplace() {
    return new Wire(toWire());
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("A network travels as a Wire.");
  }

  private record Wire(String text) implements Serializable {
    private Object readResolve() {
      return fromWire(text);
    }
  }

  /** Adds layers one by one. For one thread. */
  public static final class Builder {
    private final Shape input;
    private final List<Layer> layers = new ArrayList<>();
    private Loss loss;

    private Builder(Shape input) {
      this.input = input;
    }

    /** Adds any layer. */
    public Builder layer(Layer layer) {
      layers.add(layer);
      return this;
    }

    /** Adds a dense layer with a bias. */
    public Builder dense(long outputs) {
      return dense(outputs, Activation.IDENTITY);
    }

    /** Adds a dense layer with a bias and, as a layer of its own, an activation. */
    public Builder dense(long outputs, Activation activation) {
      layer(new Dense(outputs, true, activation.gain()));
      return activation == Activation.IDENTITY ? this : activation(activation);
    }

    /** Adds an activation. */
    public Builder activation(Activation activation) {
      return layer(new ActivationLayer(activation));
    }

    /** Adds dropout of this probability. */
    public Builder dropout(double probability) {
      return layer(new Dropout(probability));
    }

    /** Adds a layer that makes rows one-dimensional. */
    public Builder flatten() {
      return layer(new Flatten());
    }

    /** Keeps what passes here under a name, for {@link #addSaved}. */
    public Builder save(String name) {
      return layer(new Save(name));
    }

    /** Adds what was kept under a name. */
    public Builder addSaved(String name) {
      return layer(new AddSaved(name));
    }

    /** Multiplies by the transpose of an earlier layer's weights: see {@link TiedDense}. */
    public Builder tiedDense(int layer, long outputs) {
      return layer(new TiedDense(layer, outputs));
    }

    /** How many layers there are so far: the index of the next. */
    public int size() {
      return layers.size();
    }

    /** Adds a convolution with a bias. */
    public Builder convolution(long outputs, Window window) {
      return convolution(outputs, window, Activation.IDENTITY);
    }

    /** Adds a convolution with a bias and, as a layer of its own, an activation. */
    public Builder convolution(long outputs, Window window, Activation activation) {
      layer(new Convolution(outputs, window, true, activation.gain()));
      return activation == Activation.IDENTITY ? this : activation(activation);
    }

    /** Adds a layer that takes the largest number of each window. */
    public Builder maxPool(Window window) {
      return layer(new Pooling(Pooling.Kind.MAX, window));
    }

    /** Adds a layer that takes the mean of each window. */
    public Builder averagePool(Window window) {
      return layer(new Pooling(Pooling.Kind.AVERAGE, window));
    }

    /** Adds a layer that takes the largest number of each channel. */
    public Builder globalMaxPool() {
      return layer(new GlobalPooling(Pooling.Kind.MAX));
    }

    /** Adds a layer that takes the mean of each channel. */
    public Builder globalAveragePool() {
      return layer(new GlobalPooling(Pooling.Kind.AVERAGE));
    }

    /** Adds batch normalisation with its usual settings. */
    public Builder batchNorm() {
      return layer(BatchNorm.usual());
    }

    /** Adds a layer that makes vectors of token ids. */
    public Builder embedding(long vocabulary, long width) {
      return layer(new Embedding(vocabulary, width));
    }

    /** Adds learned positions, for sequences up to this length. */
    public Builder positions(long maxLength) {
      return layer(new Positions(maxLength));
    }

    /** Adds layer normalisation. */
    public Builder layerNorm() {
      return layer(LayerNorm.usual());
    }

    /** Adds self-attention. */
    public Builder selfAttention(long heads, boolean causal) {
      return layer(new SelfAttention(heads, causal));
    }

    /** Adds layers whose output is added to their input. */
    public Builder residual(Layer... layers) {
      return layer(new Residual(List.of(layers)));
    }

    /** Adds a transformer's block: see {@link TransformerBlock}. */
    public Builder transformerBlock(long heads, long hidden, boolean causal, double dropout) {
      return layer(new TransformerBlock(heads, hidden, causal, dropout));
    }

    /** Adds long short-term memory. */
    public Builder lstm(long width) {
      return layer(new Lstm(width));
    }

    /** Adds gated recurrent units. */
    public Builder gru(long width) {
      return layer(new Gru(width));
    }

    /** Adds a layer that keeps the last vector of a sequence. */
    public Builder lastStep() {
      return layer(new LastStep());
    }

    /** Sets the loss. */
    public Builder loss(Loss loss) {
      this.loss = loss;
      return this;
    }

    /**
     * The network.
     *
     * @throws ShapeException if a layer does not fit the one before it, or the loss the last
     */
    public Sequential build() {
      return new Sequential(input, layers, loss);
    }
  }
}
