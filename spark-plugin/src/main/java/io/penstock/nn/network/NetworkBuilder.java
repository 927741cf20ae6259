package io.penstock.nn.network;

import io.penstock.nn.Layer;
import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.AddSaved;
import io.penstock.nn.layer.BatchNorm;
import io.penstock.nn.layer.Convolution;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Dropout;
import io.penstock.nn.layer.Embedding;
import io.penstock.nn.layer.Flatten;
import io.penstock.nn.layer.GlobalPooling;
import io.penstock.nn.layer.Gru;
import io.penstock.nn.layer.LastStep;
import io.penstock.nn.layer.LayerNorm;
import io.penstock.nn.layer.Lstm;
import io.penstock.nn.layer.OutputBlock;
import io.penstock.nn.layer.Pooling;
import io.penstock.nn.layer.Positions;
import io.penstock.nn.layer.Residual;
import io.penstock.nn.layer.Save;
import io.penstock.nn.layer.SelfAttention;
import io.penstock.nn.layer.TiedDense;
import io.penstock.nn.layer.TransformerBlock;
import io.penstock.nn.layer.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Builder of a {@link Sequential}, layer by layer: see {@link Sequential#input}. For one thread.
 */
public final class NetworkBuilder {
  private final Shape input;
  private final List<Layer> layers = new ArrayList<>();
  private Loss loss;
  private int outputBlocks = 1;

  NetworkBuilder(Shape input) {
    this.input = input;
  }

  /** Adds any layer. */
  public NetworkBuilder layer(Layer layer) {
    layers.add(layer);
    return this;
  }

  /** Adds a dense layer with a bias: rows {@code [n]} to {@code [outputs]}. */
  public NetworkBuilder dense(long outputs) {
    return dense(outputs, Activation.IDENTITY);
  }

  /** Adds a dense layer with a bias and, as a layer of its own, an activation. */
  public NetworkBuilder dense(long outputs, Activation activation) {
    layer(new Dense(outputs, true, activation.gain()));
    return activation == Activation.IDENTITY ? this : activation(activation);
  }

  /** Adds dense layers of these sizes, with relu between them. */
  NetworkBuilder perceptron(int... sizes) {
    for (int i = 0; i < sizes.length - 1; i++) {
      dense(sizes[i], Activation.RELU);
    }
    return dense(sizes[sizes.length - 1]);
  }

  /** Adds an activation. */
  public NetworkBuilder activation(Activation activation) {
    return layer(new ActivationLayer(activation));
  }

  /**
   * Adds dropout of this probability. What is zeroed depends on the number of micro-batches, and on
   * nothing else of the plan: see {@link Dropout}.
   */
  public NetworkBuilder dropout(double probability) {
    return layer(new Dropout(probability));
  }

  /**
   * Adds flattening: a layer that makes rows one-dimensional, the last dimension running fastest.
   */
  public NetworkBuilder flatten() {
    return layer(new Flatten());
  }

  /** Begins a skip connection: keeps what passes here under a name, for {@link #addSaved}. */
  public NetworkBuilder save(String name) {
    return layer(new Save(name));
  }

  /** Ends a skip connection: adds what was kept under a name. */
  public NetworkBuilder addSaved(String name) {
    return layer(new AddSaved(name));
  }

  /**
   * Adds a layer with the weights of an earlier one (tied weights), transposed where that is a
   * dense one: see {@link TiedDense}.
   */
  public NetworkBuilder tiedDense(int layer, long outputs) {
    boolean there = 0 <= layer && layer < layers.size();
    boolean embedding = there && layers.get(layer).tokenIds().isPresent();
    return layer(new TiedDense(layer, outputs, !embedding));
  }

  /** Returns how many layers there are so far: the index of the next. */
  public int size() {
    return layers.size();
  }

  /**
   * Adds a convolution with a bias: rows {@code [channels, height, width]}, or sequences {@code
   * [channels, length]}, to {@code [outputs, ...]}.
   */
  public NetworkBuilder convolution(long outputs, Window window) {
    return convolution(outputs, window, Activation.IDENTITY);
  }

  /** Adds a convolution with a bias and, as a layer of its own, an activation. */
  public NetworkBuilder convolution(long outputs, Window window, Activation activation) {
    layer(new Convolution(outputs, window, true, activation.gain()));
    return activation == Activation.IDENTITY ? this : activation(activation);
  }

  /** Adds max pooling: a layer that takes the largest number of each window, channel by channel. */
  public NetworkBuilder maxPool(Window window) {
    return layer(new Pooling(Pooling.Kind.MAX, window));
  }

  /** Adds average pooling: a layer that takes the mean of each window, channel by channel. */
  public NetworkBuilder averagePool(Window window) {
    return layer(new Pooling(Pooling.Kind.AVERAGE, window));
  }

  /**
   * Adds global max pooling: the largest number of each channel, rows {@code [channels, ...]} to
   * {@code [channels]}.
   */
  public NetworkBuilder globalMaxPool() {
    return layer(new GlobalPooling(Pooling.Kind.MAX));
  }

  /**
   * Adds global average pooling: the mean of each channel, rows {@code [channels, ...]} to {@code
   * [channels]}.
   */
  public NetworkBuilder globalAveragePool() {
    return layer(new GlobalPooling(Pooling.Kind.AVERAGE));
  }

  /** Adds batch normalisation with a momentum of 0.1 and an epsilon of 1e-5. */
  public NetworkBuilder batchNorm() {
    return layer(BatchNorm.usual());
  }

  /**
   * Adds an embedding: sequences of token ids {@code [length]}, from 0 to below {@code vocabulary},
   * to vectors {@code [length, width]}.
   */
  public NetworkBuilder embedding(long vocabulary, long width) {
    return layer(new Embedding(vocabulary, width));
  }

  /** Adds a learned position embedding, for sequences {@code [length, width]} up to this length. */
  public NetworkBuilder positions(long maxLength) {
    return layer(new Positions(maxLength));
  }

  /** Adds layer normalisation along the last dimension, with an epsilon of 1e-5. */
  public NetworkBuilder layerNorm() {
    return layer(LayerNorm.usual());
  }

  /**
   * Adds multi-head self-attention on sequences {@code [length, width]}.
   *
   * @param heads divide the width
   * @param causal whether a position sees only itself and those before it
   */
  public NetworkBuilder selfAttention(long heads, boolean causal) {
    return layer(new SelfAttention(heads, causal));
  }

  /** Adds a residual connection around layers, whose output is added to their input. */
  public NetworkBuilder residual(Layer... layers) {
    return layer(new Residual(List.of(layers)));
  }

  /**
   * Adds a transformer block on sequences {@code [length, width]}: see {@link TransformerBlock}.
   *
   * @param heads of the attention; they divide the width
   * @param hidden numbers between the two dense layers
   * @param causal whether a position sees only itself and those before it
   * @param dropout the probability of dropout, 0 for none
   */
  public NetworkBuilder transformerBlock(long heads, long hidden, boolean causal, double dropout) {
    return layer(new TransformerBlock(heads, hidden, causal, dropout));
  }

  /** Adds a transformer block with another activation than GELU between its dense layers. */
  public NetworkBuilder transformerBlock(
      long heads, long hidden, boolean causal, double dropout, Activation activation) {
    return layer(new TransformerBlock(heads, hidden, causal, dropout, activation));
  }

  /** Adds an LSTM layer: sequences {@code [length, in]} to {@code [length, width]}. */
  public NetworkBuilder lstm(long width) {
    return layer(new Lstm(width));
  }

  /** Adds a GRU layer: sequences {@code [length, in]} to {@code [length, width]}. */
  public NetworkBuilder gru(long width) {
    return layer(new Gru(width));
  }

  /**
   * Adds a layer that keeps the last vector of a sequence: {@code [length, width]} to {@code
   * [width]}.
   */
  public NetworkBuilder lastStep() {
    return layer(new LastStep());
  }

  /**
   * Splits the last dense layer by columns into so many layers, which may lie on several stages: an
   * output projection to a large vocabulary is otherwise the slowest stage. In training the blocks
   * compute the softmax cross-entropy among them; what they learn depends on their number in its
   * last bits, and begins with other random weights. See {@link OutputBlock}.
   */
  public NetworkBuilder splitOutput(int blocks) {
    this.outputBlocks = blocks;
    return this;
  }

  /** Sets the loss. */
  public NetworkBuilder loss(Loss loss) {
    this.loss = loss;
    return this;
  }

  /**
   * Builds the network.
   *
   * @throws ShapeException if a layer does not fit the one before it, or the loss the last
   * @throws IllegalArgumentException if the output is to be split and cannot be
   */
  public Sequential build() {
    return SplitOutput.split(new Sequential(input, layers, loss), outputBlocks);
  }
}
