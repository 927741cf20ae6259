package io.penstock.ml;

import static io.penstock.ml.Subject.CLASSIFIER;
import static io.penstock.ml.Subject.LEARNER;
import static io.penstock.ml.Subject.REGRESSOR;

import io.penstock.nn.Shape;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.util.MLReader;
import org.nd4j.linalg.factory.Nd4j;

/** Directories that hold no model, or not the whole of it, and models that cannot be saved. */
final class BadFiles {
  private static final String NETWORK = "data/network.json";
  private static final String FORMAT = "data/format.json";
  private static final String WEIGHTS = "data/layer-0000-weights.npy";

  private BadFiles() {}

  /** What is refused before anything is read by a job. */
  static List<Mistake> beforeAnyJob() {
    MistakeTable table = new MistakeTable();
    for (Subject subject : Subject.values()) {
      table
          .attempt(
              subject.title() + "'s model: nothing at all",
              bench -> model(subject).load(bench.place().toString()),
              "Could not load the model at",
              "place-",
              "no such directory",
              "that was saved to")
          .attempt(
              subject.title() + ": nothing at all",
              bench -> estimator(subject).load(bench.place().toString()),
              "Could not load the estimator at",
              "place-",
              "no such directory")
          .attempt(
              subject.title() + "'s model: something else",
              bench -> {
                bench.file("notes.txt", "mine");
                model(subject).load(bench.place().toString());
              },
              FORMAT + " is missing",
              "something else was saved there");
    }
    saves(table);
    return table
        .attempt(
            "classifier's model: one of MLlib's own",
            bench -> {
              new LogisticRegression().save(bench.place().toString());
              model(CLASSIFIER).load(bench.place().toString());
            },
            FORMAT + " is missing",
            "the class that saved it")
        .mistakes();
  }

  private static void saves(MistakeTable table) {
    table
        .attempt(
            "classifier: saving a custom layer",
            bench -> custom().save(bench.place().toString()),
            "custom layer",
            "not be saved",
            "do without the layer")
        .attempt(
            "classifier: saving a model to begin with",
            bench ->
                CLASSIFIER
                    .estimator()
                    .setInitialModel(bench.model(CLASSIFIER))
                    .write()
                    .save(bench.place().toString()),
            "begins with the model pipelineParallelClassificationModel",
            "clear(estimator.initialModel())");
  }

  /** What is refused after MLlib has read or written its part, which is a job of its own. */
  static List<Mistake> afterMetadata() {
    MistakeTable table = new MistakeTable();
    changed(table);
    OtherFiles.addTo(table);
    return table.mistakes();
  }

  private static void changed(MistakeTable table) {
    broken(
        table,
        "a newer format",
        FORMAT,
        text("{\"format\":\"penstock\",\"version\":9}"),
        "version 9",
        "up to 1",
        "a newer one");
    broken(table, "no format of ours", FORMAT, text("{}"), "none of Penstock's");
    broken(table, "a format that is no JSON", FORMAT, text("penstock"), "not JSON", "format.json");
    String begun = "{\"format\":\"penstock\",\"version\":1";
    broken(
        table,
        "class names that are no list",
        FORMAT,
        text(begun + ",\"classNames\":{\"0\":\"no\"}}"),
        "format.json",
        "no list of texts");
    broken(
        table,
        "a format with something behind it",
        FORMAT,
        text(begun + "} and so on"),
        "format.json",
        "not JSON");
    broken(
        table,
        "a format that goes very deep",
        FORMAT,
        text(begun + ",\"a\":" + "[".repeat(100_000)),
        "format.json",
        "not JSON");
    broken(
        table,
        "a format without end",
        FORMAT,
        text(begun + " ".repeat(17 << 20) + "}"),
        "format.json",
        "16777216 bytes");
    broken(
        table,
        "a layer of more numbers than the network has",
        NETWORK,
        text(Sequential.perceptron(4, 1 << 30, 3).toJson()),
        "layer-0000-weights.npy",
        "needs [4, 1073741824]");
    for (String damaged : List.of("{", "{}", "[".repeat(100_000), "\u0000")) {
      table.attempt(
          "classifier's model: params that are " + damaged.charAt(0) + damaged.length(),
          bench -> {
            for (Path file : Files.list(bench.saved(CLASSIFIER).resolve("metadata")).toList()) {
              if (file.getFileName().toString().startsWith("part-")) {
                bench.overwrite("metadata/" + file.getFileName(), text(damaged));
              }
            }
            model(CLASSIFIER).load(bench.place().toString());
          },
          "metadata is damaged");
    }
    broken(
        table, "a network that is no JSON", NETWORK, text("network"), "network.json", "not JSON");
    broken(
        table,
        "a network that was cut short",
        NETWORK,
        text("{\"format\":\"penstock-network\""),
        "network.json",
        "not JSON");
    broken(
        table,
        "a layer that is empty",
        WEIGHTS,
        new byte[0],
        "layer-0000-weights.npy",
        "not a file in NumPy's format",
        "copied whole");
    broken(
        table,
        "a layer that is text",
        WEIGHTS,
        text("0.5, 0.25, 0.125"),
        "layer-0000-weights.npy",
        "not a file in NumPy's format");
    broken(
        table,
        "a layer of another shape",
        WEIGHTS,
        Nd4j.toNpyByteArray(Nd4j.zeros(3, 3)),
        "layer-0000-weights.npy",
        "has shape [3, 3]",
        "another network's file");
    for (Subject subject : Subject.values()) {
      table.attempt(
          subject.title() + "'s model: a layer that was cut short",
          bench -> {
            byte[] whole = Files.readAllBytes(bench.saved(subject).resolve(WEIGHTS));
            bench.overwrite(WEIGHTS, Arrays.copyOf(whole, whole.length - 4));
            model(subject).load(bench.place().toString());
          },
          "layer-0000-weights.npy has",
          "not as many as its NumPy header says",
          "copied whole");
      for (String file : List.of(FORMAT, NETWORK, WEIGHTS, "metadata")) {
        table.attempt(
            subject.title() + "'s model: without " + file,
            bench -> {
              delete(bench.saved(subject).resolve(file));
              model(subject).load(bench.place().toString());
            },
            "Could not load the model at",
            file);
      }
    }
  }

  private static void broken(
      MistakeTable table, String name, String file, byte[] bytes, String... words) {
    table.attempt(
        "classifier's model: " + name,
        bench -> {
          bench.saved(CLASSIFIER);
          bench.overwrite(file, bytes);
          model(CLASSIFIER).load(bench.place().toString());
        },
        words);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void delete(Path path) throws Exception {
    for (Path file : Files.isDirectory(path) ? Files.list(path).toList() : List.<Path>of()) {
      Files.delete(file);
    }
    Files.delete(path);
  }

  static PipelineParallelClassifier custom() {
    return new PipelineParallelClassifier()
        .setNetwork(
            Sequential.input(4)
                .layer(Custom.of(Shape.of(3), (sd, x) -> x.mul(2)))
                .loss(Losses.softmaxCrossEntropy())
                .build());
  }

  static MLReader<?> model(Subject subject) {
    return switch (subject) {
      case CLASSIFIER -> PipelineParallelClassificationModel.read();
      case REGRESSOR -> PipelineParallelRegressionModel.read();
      case LEARNER -> PipelineParallelSequenceModel.read();
    };
  }

  static MLReader<?> estimator(Subject subject) {
    return switch (subject) {
      case CLASSIFIER -> PipelineParallelClassifier.read();
      case REGRESSOR -> PipelineParallelRegressor.read();
      case LEARNER -> PipelineParallelSequenceLearner.read();
    };
  }
}
