package io.penstock.train;

import io.penstock.nn.Layer;
import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.AddSaved;
import io.penstock.nn.layer.BatchNorm;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Convolution;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Dropout;
import io.penstock.nn.layer.Embedding;
import io.penstock.nn.layer.Flatten;
import io.penstock.nn.layer.GlobalPooling;
import io.penstock.nn.layer.Gru;
import io.penstock.nn.layer.LastStep;
import io.penstock.nn.layer.LayerNorm;
import io.penstock.nn.layer.LossBlock;
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
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network that has a layer in its middle, for every kind of layer.
 *
 * @param at the layer's index: two layers or more are before it, and three behind
 */
record LayerCase(Sequential network, int at) {
  static final int LENGTH = 4;
  static final int VOCABULARY = 11;
  static final int CLASSES = 3;

  static Stream<LayerCase> all() {
    List<LayerCase> all = new ArrayList<>();
    Window window = Window.of(2, 2);
    Stream.of(
            Dense.of(7), new ActivationLayer(Activation.IDENTITY), BatchNorm.usual(), new Flatten())
        .forEach(layer -> all.add(rows(layer)));
    Stream.of(new OutputBlock(3, 2, 9, true, 1, null), new OutputBlock(5, 0, 5, true, 1, null))
        .flatMap(block -> Stream.of(block, new LossBlock(block)))
        .forEach(layer -> all.add(rows(layer)));
    OwnLayers.all().forEach(layer -> all.add(rows(layer)));
    Custom identity = Custom.of(Shape.of(LENGTH, 8), (graph, x) -> x.mul(1));
    Custom product =
        Custom.of(Shape.of(8), (graph, x) -> x.mmul(graph.getVariable("w")))
            .with("w", WeightInit.XAVIER.of(8, 8), 8, 8);
    all.add(rows(product));
    Stream.of(
            identity,
            new ActivationLayer(Activation.IDENTITY),
            new ActivationLayer(Activation.TANH),
            new Dropout(0),
            new Dropout(0.3),
            new Positions(LENGTH),
            LayerNorm.usual(),
            new SelfAttention(2, true),
            new TransformerBlock(2, 6, true, 0.2),
            new TiedDense(0, VOCABULARY, false),
            new Lstm(5),
            new Gru(5),
            new Chain(List.of(new Dropout(0), new Positions(LENGTH))),
            new Chain(List.of(new Positions(LENGTH), Dense.of(5))),
            new Residual(List.of(new Positions(LENGTH), new Dropout(0))))
        .forEach(layer -> all.add(sequences(layer)));
    Stream.of(
            Convolution.of(3, window),
            BatchNorm.usual(),
            new Pooling(Pooling.Kind.MAX, window),
            new Pooling(Pooling.Kind.AVERAGE, window),
            new GlobalPooling(Pooling.Kind.AVERAGE),
            new Flatten())
        .forEach(layer -> all.add(pictures(layer)));
    all.add(embedding());
    all.add(lastStep());
    all.add(save());
    all.add(addSaved());
    return all.stream();
  }

  private static LayerCase rows(Layer layer) {
    NetworkBuilder head = Sequential.input(LENGTH).dense(8, Activation.TANH).layer(layer);
    return of(layer, head.dense(6, Activation.RELU).dense(CLASSES));
  }

  /** With another layer behind it that hands on its output gradient. */
  private static LayerCase sequences(Layer layer) {
    NetworkBuilder head = tokens().layer(layer);
    return of(layer, classes(head.positions(LENGTH)));
  }

  private static NetworkBuilder tokens() {
    return Sequential.input(LENGTH).embedding(VOCABULARY, 8).layer(new LayerNorm(0.01));
  }

  private static NetworkBuilder classes(NetworkBuilder sequences) {
    return sequences.dense(6).lastStep().dense(CLASSES);
  }

  private static LayerCase pictures(Layer layer) {
    NetworkBuilder head =
        Sequential.input(1, 2, LENGTH / 2)
            .convolution(4, Window.of(3, 3).same(), Activation.TANH)
            .layer(layer);
    return of(layer, head.layer(new Dropout(0)).flatten().dense(CLASSES));
  }

  private static LayerCase embedding() {
    Layer layer = new Embedding(VOCABULARY, 8);
    NetworkBuilder head = Sequential.input(LENGTH).flatten().dropout(0).layer(layer);
    return of(layer, classes(head.positions(LENGTH)));
  }

  private static LayerCase lastStep() {
    NetworkBuilder head = tokens().lastStep();
    return of(new LastStep(), head.dense(6, Activation.TANH).dense(CLASSES));
  }

  private static LayerCase save() {
    NetworkBuilder head = tokens().save("a").positions(LENGTH);
    return of(new Save("a"), classes(head.addSaved("a")));
  }

  private static LayerCase addSaved() {
    NetworkBuilder head = tokens().save("a").positions(LENGTH).addSaved("a");
    return of(new AddSaved("a"), classes(head.positions(LENGTH)));
  }

  private static LayerCase of(Layer layer, NetworkBuilder all) {
    Sequential network = all.loss(Losses.softmaxCrossEntropy()).build();
    return new LayerCase(network, network.layers().indexOf(layer));
  }

  Layer layer() {
    return network.layers().get(at);
  }

  /** Where stages begin so that this layer is the first, or the last, of one. */
  List<Integer> starts(int stages, boolean first) {
    int edge = first ? at : at + 1;
    return switch (stages) {
      case 2 -> List.of(0, edge);
      case 3 -> List.of(0, at, at + 1);
      case 4 -> List.of(0, at - 1, edge, first ? at + 2 : at + 3);
      default -> throw new IllegalArgumentException("No cut into " + stages);
    };
  }

  @Override
  public String toString() {
    return layer().toString();
  }
}
