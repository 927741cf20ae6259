package io.penstock.ml;

import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Loss;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.layer.Embedding;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Networks that are none, that the estimator cannot train or that do not go with other params. */
final class BadNetworks {
  private static final String JSON =
      Sequential.input(4).dense(3).loss(Losses.softmaxCrossEntropy()).build().toJson();

  private BadNetworks() {}

  static List<Mistake> all() {
    MistakeTable table = new MistakeTable();
    texts(table);
    unfit(table);
    beginnings(table);
    return table.mistakes();
  }

  private static MistakeTable text(
      MistakeTable table, String name, String from, String to, String... words) {
    return table.classifier(name, it -> it.setNetwork(JSON.replace(from, to)), words);
  }

  private static void texts(MistakeTable table) {
    table
        .everywhere(
            "no network", it -> it.setNetwork((Sequential) null), "network is null", "Sequential")
        .everywhere(
            "no network's JSON", it -> it.setNetwork((String) null), "JSON is null", "toJson()")
        .everywhere(
            "JSON of something else",
            it -> it.setNetwork("{}"),
            "not a network",
            "penstock-network")
        .everywhere("text that is no JSON", it -> it.setNetwork("dense(3)"), "not JSON", "dense");
    text(
        table,
        "a newer network",
        "\"version\":2",
        "\"version\":3",
        "version 3",
        "up to 2",
        "a newer one");
    text(table, "a layer of no known type", "\"dense\"", "\"dens\"", "Layer 0", "'dens'", "dense");
    text(
        table,
        "a layer without its size",
        "\"outputs\":3",
        "\"size\":3",
        "Layer 0",
        "'dense'",
        "lacks the field 'outputs'",
        "size");
    text(table, "a layer of size 0", "\"outputs\":3", "\"outputs\":0", "Layer 0", "'dense'", "0");
    text(
        table,
        "a size that is text",
        "\"outputs\":3",
        "\"outputs\":\"x\"",
        "Layer 0",
        "'dense'",
        "x");
    text(table, "an unknown loss", "softmaxCrossEntropy", "softmax", "'softmax'", "use one of");
    text(table, "an input of a fraction", "[4]", "[4.5]", "[4.5]", "whole numbers");
    text(table, "an input of 0", "[4]", "[0]", "[0]", "1 or more");
  }

  private static void unfit(MistakeTable table) {
    table
        .classifier(
            "neither a network nor layers",
            it -> it.clear(it.layers()),
            "No network",
            "setLayers",
            "setNetwork")
        .regressor(
            "neither a network nor layers",
            it -> it.clear(it.layers()),
            "No network",
            "setLayers",
            "setNetwork")
        .learner(
            "neither a network nor layers",
            it -> it.clear(it.network()),
            "No network",
            "setNetwork")
        .classifier("one class", it -> it.setLayers(4, 1), "two classes or more")
        .classifier(
            "a loss of numbers",
            it -> it.setNetwork(dense(Losses.squaredError())).setNumStages(1),
            "loss is squaredError",
            "loss(Losses.softmaxCrossEntropy())")
        .regressor(
            "a loss of classes",
            it -> it.setNetwork(dense(Losses.softmaxCrossEntropy())).setNumStages(1),
            "loss is softmaxCrossEntropy",
            "PipelineParallelClassifier")
        .regressor(
            "two losses",
            it -> it.setNetwork(dense(Losses.squaredError())).setNumStages(1).setLoss("huber"),
            "loss is huber",
            "squaredError",
            "Leave loss out")
        .regressor(
            "more outputs than the label has numbers",
            it -> it.setLayers(4, 8, 2),
            "'label' is of type double",
            "a label of 2 numbers")
        .learner(
            "a loss of numbers",
            it -> it.setNetwork(dense(Losses.squaredError())).setNumStages(1),
            "loss is squaredError",
            "loss(Losses.softmaxCrossEntropy())")
        .learner(
            "one answer for a whole sequence",
            it -> it.setNetwork(dense(Losses.softmaxCrossEntropy())).setNumStages(1),
            "shape [4]",
            "PipelineParallelClassifier")
        .classifier(
            "an answer for every place",
            it ->
                it.setNetwork(
                    Sequential.input(4)
                        .embedding(9, 5)
                        .dense(3)
                        .loss(Losses.softmaxCrossEntropy())
                        .build()),
            "output rows have shape [4, 3]",
            "lastStep()",
            "PipelineParallelSequenceLearner")
        .classifier(
            "token ids that a narrow link would round",
            it ->
                it.setLinkPrecision("bfloat16")
                    .setNetwork(
                        Sequential.input(4)
                            .flatten()
                            .embedding(9, 5)
                            .lastStep()
                            .dense(3)
                            .loss(Losses.softmaxCrossEntropy())
                            .build()),
            "linkPrecision is bfloat16",
            "layer 1 is an embedding",
            "set linkPrecision to float32")
        .classifier(
            "token ids that a narrow link would round before a chain",
            it ->
                it.setLinkPrecision("bfloat16")
                    .setNetwork(
                        Sequential.input(4)
                            .flatten()
                            .layer(new Chain(List.of(new Embedding(9, 5))))
                            .lastStep()
                            .dense(3)
                            .loss(Losses.softmaxCrossEntropy())
                            .build()),
            "linkPrecision is bfloat16",
            "layer 1 is an embedding",
            "set linkPrecision to float32")
        .classifier(
            "smoothing of numbers",
            it -> it.setNetwork(dense(Losses.squaredError())).setLabelSmoothing(0.1),
            "labelSmoothing is 0.1",
            "loss is squaredError",
            "Leave it out")
        .classifier(
            "another input than there are features",
            it -> it.setNetwork(Sequential.perceptron(5, 8, 3)).setFeaturesCols(Blobs.COLUMNS),
            "4 features where the network takes 5")
        .classifier(
            "a custom layer that cannot travel",
            it -> it.setNetwork(untravelling(new Object())).setNumStages(1),
            "java.lang.Object",
            "serialisable")
        .classifier(
            "a layer of one's own",
            it ->
                it.setNetwork(
                        Sequential.input(4)
                            .layer(new OwnLayer())
                            .dense(3)
                            .loss(Losses.softmaxCrossEntropy())
                            .build())
                    .setNumStages(1),
            "OwnLayer has no JSON",
            "Custom.of(shape, (sd, x) -> ...)")
        .classifier(
            "a custom layer that no checkpoint can hold",
            it ->
                it.setNetwork(BadFiles.custom().getNetwork())
                    .setNumStages(1)
                    .setCheckpointInterval(2),
            "checkpointInterval is 2",
            "custom layer",
            "Leave them out")
        .attempt(
            "layers that do not fit",
            bench ->
                Sequential.input(784)
                    .convolution(8, Window.of(3))
                    .flatten()
                    .dense(10)
                    .loss(Losses.softmaxCrossEntropy())
                    .build(),
            "[784]",
            "channels");
  }

  private static void beginnings(MistakeTable table) {
    for (Subject subject : Subject.values()) {
      table.attempt(
          subject.title() + ": a model of other layers to begin with",
          bench -> {
            Subject other = subject == Subject.LEARNER ? Subject.REGRESSOR : Subject.LEARNER;
            subject.fit(
                subject.estimator().setInitialModel(bench.model(other)), bench.rows(subject));
          },
          "initialModel",
          "takes rows of shape",
          "leave initialModel out");
    }
    table.attempt(
        "classifier: a model with fewer outputs to begin with",
        bench ->
            Subject.CLASSIFIER.fit(
                Subject.CLASSIFIER.estimator().setInitialModel(bench.model(Subject.REGRESSOR)),
                bench.rows(Subject.CLASSIFIER)),
        "initialModel",
        "has as layer 2 Dense[outputs=1",
        "the network Dense[outputs=3",
        "leave initialModel out");
  }

  /** It may do what it likes: it does not get to an executor. */
  private record OwnLayer() implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      return List.of();
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      return new Forward(input, null);
    }
  }

  private static Sequential dense(Loss loss) {
    return Sequential.input(4).dense(3).loss(loss).build();
  }

  private static Sequential untravelling(Object captured) {
    return Sequential.input(4)
        .layer(Custom.of(Shape.of(3), (sd, x) -> x.mul(captured.hashCode())))
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }
}
