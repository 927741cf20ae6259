package io.penstock.nn;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network of layers behind one another: a description, without parameters. Immutable; shapes are
 * checked when it is made.
 */
public final class Sequential {
  private final List<Layer> layers;
  private final Losses loss;

  /** The input shape of every layer, and the network's output shape behind them. */
  private final List<Shape> shapes = new ArrayList<>();

  /**
   * A network.
   *
   * @throws ShapeException if layers do not fit together; the message names the layer
   */
  public Sequential(Shape input, List<Layer> layers, Losses loss) {
    this.layers = List.copyOf(layers);
    this.loss = loss;
    if (layers.isEmpty()) {
      throw new ShapeException("A network needs at least one layer.");
    }
    shapes.add(input);
    for (int i = 0; i < layers.size(); i++) {
      try {
        shapes.add(layers.get(i).outputShape(shapes.get(i)));
      } catch (ShapeException cause) {
        throw new ShapeException("Layer " + i + " (" + layers.get(i) + "): " + cause.getMessage());
      }
    }
    loss.checkOutput(output());
  }

  /** Begins a network whose input rows have these sizes. */
  public static Builder input(long... dims) {
    return new Builder(Shape.of(dims));
  }

  /**
   * A classifier of dense layers: ReLU between them, softmax cross-entropy at the end.
   *
   * @param sizes from inputs to classes, at least two
   */
  public static Sequential perceptron(int... sizes) {
    if (sizes.length < 2) {
      throw new IllegalArgumentException(
          "A perceptron needs at least two sizes, inputs and classes, not " + sizes.length + ".");
    }
    Builder builder = input(sizes[0]);
    for (int i = 1; i < sizes.length - 1; i++) {
      builder.dense(sizes[i], Activation.RELU);
    }
    return builder.dense(sizes[sizes.length - 1]).build();
  }

  /** Returns the shape of an input row. */
  public Shape input() {
    return shapes.get(0);
  }

  /** Returns the layers in order. */
  public List<Layer> layers() {
    return layers;
  }

  /** Returns the loss. */
  public Losses loss() {
    return loss;
  }

  /** Returns the shape of a layer's input row; of the output, for the number of layers. */
  public Shape shape(int layer) {
    return shapes.get(layer);
  }

  /** Returns the shape of an output row. */
  public Shape output() {
    return shapes.get(layers.size());
  }

  /** Returns what a layer learns. */
  public List<ParameterSpec> parameters(int layer) {
    return layers.get(layer).parameters(shape(layer));
  }

  /** Returns the floating-point operations of one row's forward through a layer. */
  public long flops(int layer) {
    return layers.get(layer).flops(shape(layer));
  }

  /** Gives flat rows the shape of the network's input. */
  public INDArray shaped(INDArray rows) {
    return input().rank() == 1 ? rows : rows.reshape('c', input().withRows(rows.size(0)));
  }

  /**
   * Computes the network, not training.
   *
   * @param parameters of every layer, in order
   * @param rows {@code [rows, …]}, flat or in the input's shape
   * @return the last layer's output, before any softmax of the loss
   */
  public INDArray output(List<Parameters> parameters, INDArray rows) {
    INDArray x = shaped(rows);
    for (int i = 0; i < layers.size(); i++) {
      x = layers.get(i).forward(x, parameters.get(i), Pass.evaluation(i)).output();
    }
    return x;
  }

  /** Returns the description as JSON, with the version of its format. */
  public String toJson() {
    return NetworkJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is no network, or of a newer format
   */
  public static Sequential fromJson(String json) {
    return NetworkJson.read(json);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sequential that
        && layers.equals(that.layers)
        && loss == that.loss
        && shapes.equals(that.shapes);
  }

  @Override
  public int hashCode() {
    return layers.hashCode();
  }

  /** Collects layers; not thread-safe. */
  public static final class Builder {
    private final Shape input;
    private final List<Layer> layers = new ArrayList<>();
    private Losses loss = Losses.SOFTMAX_CROSS_ENTROPY;

    private Builder(Shape input) {
      this.input = input;
    }

    /** Appends any layer. */
    public Builder layer(Layer layer) {
      layers.add(layer);
      return this;
    }

    /** Appends a dense layer without activation. */
    public Builder dense(long units) {
      return layer(new Dense(units, true, Initializer.XAVIER));
    }

    /** Appends a dense layer and its activation, which is a layer of its own. */
    public Builder dense(long units, Activation activation) {
      Initializer init = activation == Activation.RELU ? Initializer.RELU : Initializer.XAVIER;
      return layer(new Dense(units, true, init)).activation(activation);
    }

    /** Appends an activation. */
    public Builder activation(Activation activation) {
      return activation == Activation.IDENTITY ? this : layer(new ActivationLayer(activation));
    }

    /** Appends dropout at a rate. */
    public Builder dropout(double rate) {
      return layer(new Dropout(rate));
    }

    /** Appends a layer that flattens rows. */
    public Builder flatten() {
      return layer(new Flatten());
    }

    /** Sets the loss; softmax cross-entropy unless set. */
    public Builder loss(Losses value) {
      loss = value;
      return this;
    }

    /**
     * Makes the network.
     *
     * @throws ShapeException if layers do not fit together
     */
    public Sequential build() {
      return new Sequential(input, layers, loss);
    }
  }
}
