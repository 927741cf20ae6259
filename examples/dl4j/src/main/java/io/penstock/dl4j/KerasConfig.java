package io.penstock.dl4j;

import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;

/**
 * What a Keras file says of its model, in JSON.
 *
 * @param layers those of the model, in order
 * @param training the attribute {@code training_config}; an empty node if there is none
 */
record KerasConfig(List<KerasLayerConfig> layers, JsonNode training) {
  /** Copies the layers. */
  KerasConfig {
    layers = List.copyOf(layers);
  }

  /**
   * @param model the attribute {@code model_config}, with Keras's version in it
   * @param training the attribute {@code training_config}; null if there is none
   * @throws IllegalArgumentException if it is not a sequential model of Keras 2
   */
  static KerasConfig of(String model, String training) {
    JsonNode json = parse(model);
    String version = json.path("keras_version").asText();
    if (!version.startsWith("2.")) {
      throw new IllegalArgumentException(
          "The Keras model was saved by Keras "
              + version
              + "; files of Keras 2 are read: save it with the package tf_keras, as .h5.");
    }
    String type = json.path("class_name").asText();
    if (!type.equals("Sequential")) {
      throw new IllegalArgumentException(
          "The Keras model is a "
              + type
              + ", Penstock's networks are one layer after another; build it as a Sequential.");
    }
    // Before Keras 2.2.3 the layers were the configuration itself.
    JsonNode config = json.path("config");
    List<KerasLayerConfig> layers = new ArrayList<>();
    (config.isArray() ? config : config.path("layers"))
        .forEach(layer -> layers.add(new KerasLayerConfig(layer)));
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("The Keras model has no layers; save one that has.");
    }
    return new KerasConfig(layers, parse(training == null ? "{}" : training));
  }

  private static JsonNode parse(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The Keras model's configuration is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Checks what DL4J's import would not.
   *
   * @throws UnsupportedLayerException if a layer has no counterpart; the message names it
   */
  void check() {
    int rank = inputDims().size();
    for (KerasLayerConfig layer : layers) {
      layer.check();
      if (layer.type().equals("Flatten") && rank > 1 && !channelsLast()) {
        throw layer.refuse(
            "DL4J flattens rows with channels first in another order than Keras; build the model"
                + " with channels last.");
      }
      rank = layer.flattens() ? 1 : rank;
      if (layer.type().equals("BatchNormalization")) {
        layer.checkAxis(rank, channelsLast());
      }
    }
  }

  /** By names of layers, their activations that DL4J's import does not know. */
  Map<String, Activation> gelus() {
    return layers.stream()
        .filter(KerasLayerConfig::hasGelu)
        .collect(Collectors.toMap(KerasLayerConfig::name, layer -> Activation.GELU));
  }

  /**
   * The model without them.
   *
   * @param model what this was read from
   */
  String withoutGelu(String model) {
    JsonNode json = parse(model);
    JsonNode config = json.path("config");
    ArrayNode all = (ArrayNode) (config.isArray() ? config : config.path("layers"));
    for (int i = 0; i < all.size(); i++) {
      if (layers.get(i).hasGelu()) {
        all.set(i, layers.get(i).withoutGelu());
      }
    }
    return json.toString();
  }

  private boolean channelsLast() {
    return layers.stream()
        .filter(layer -> !layer.type().equals("Flatten"))
        .map(layer -> layer.get("data_format").asText())
        .filter(format -> format.startsWith("channels_"))
        .findFirst()
        .map("channels_last"::equals)
        .orElse(true);
  }

  /** As Keras has them; -1 where it leaves one open. */
  private List<Long> inputDims() {
    List<Long> dims = new ArrayList<>();
    JsonNode all = layers.get(0).get("batch_input_shape");
    for (int i = 1; i < all.size(); i++) {
      dims.add(all.get(i).isNull() ? -1 : all.get(i).asLong());
    }
    return dims;
  }

  /**
   * The shape of an input row, channels first.
   *
   * @throws IllegalArgumentException if the model leaves a dimension open
   */
  Shape input() {
    List<Long> dims = inputDims();
    if (dims.isEmpty() || dims.contains(-1L)) {
      throw new IllegalArgumentException(
          "The Keras model's first layer, "
              + layers.get(0)
              + ", takes rows of shape "
              + layers.get(0).get("batch_input_shape")
              + "; give it an input_shape in which every dimension is known, or name one in"
              + " read(file, Shape.of(...), loss).");
    }
    int last = dims.size() - 1;
    if (last == 0 || !channelsLast() || (last == 1 && axes() != Axes.SIGNAL)) {
      return new Shape(dims);
    }
    List<Long> first = new ArrayList<>(dims.subList(0, last));
    first.add(0, dims.get(last));
    return new Shape(first);
  }

  private Axes axes() {
    return layers.stream()
        .map(KerasLayerConfig::axes)
        .filter(axes -> axes != Axes.UNKNOWN)
        .findFirst()
        .orElse(Axes.UNKNOWN);
  }

  /**
   * The loss that the model was compiled with; empty if it was not.
   *
   * @throws IllegalArgumentException if Penstock does not have it
   */
  Optional<Loss> loss() {
    return new KerasLoss(training.path("loss"), layers.get(layers.size() - 1)).loss();
  }
}
