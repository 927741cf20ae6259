package io.penstock.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Networks as JSON: {@code {"format": "penstock-network", "version": 1, "input": [784], "layers":
 * [{"type": "dense", ...}], "loss": "softmaxCrossEntropy"}}. Types are short names and not classes,
 * so that a file cannot load code and classes can move.
 */
final class NetworkJson {
  private static final String FORMAT = "penstock-network";
  private static final int VERSION = 1;
  private static final String TYPE = "type";
  private static final String LAYERS = "layers";

  private static final Map<String, Class<? extends Layer>> TYPES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("dense", Dense.class),
              Map.entry("activation", ActivationLayer.class),
              Map.entry("flatten", Flatten.class),
              Map.entry("dropout", Dropout.class),
              Map.entry("embedding", Embedding.class),
              Map.entry("positions", Positions.class),
              Map.entry("layerNorm", LayerNorm.class),
              Map.entry("selfAttention", SelfAttention.class),
              Map.entry("transformerBlock", TransformerBlock.class),
              Map.entry("lstm", Lstm.class),
              Map.entry("gru", Gru.class),
              Map.entry("lastStep", LastStep.class),
              Map.entry("chain", Chain.class),
              Map.entry("residual", Residual.class)));

  /** Layers of layers, which hold nothing else. */
  private static final Map<String, Function<List<Layer>, Composite>> COMPOSITES =
      new TreeMap<>(Map.of("chain", Chain::new, "residual", Residual::new));

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);

  private NetworkJson() {}

  static String write(Sequential network) {
    ObjectNode root = MAPPER.createObjectNode().put("format", FORMAT).put("version", VERSION);
    network.input().dims().forEach(root.putArray("input")::add);
    var layers = root.putArray(LAYERS);
    network.layers().forEach(layer -> layers.add(write(layer)));
    if (!Losses.named(network.loss().name()).equals(network.loss())) {
      throw new IllegalArgumentException(
          "The loss " + network.loss() + " is not one of Losses and has no JSON.");
    }
    return root.put("loss", network.loss().name()).toString();
  }

  static Sequential read(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("A network is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.path("format").asText().equals(FORMAT)) {
      throw new IllegalArgumentException(
          "This JSON is not a network: it lacks \"format\": \"" + FORMAT + "\".");
    }
    int version = root.path("version").asInt();
    if (version < 1 || version > VERSION) {
      throw new IllegalArgumentException(
          "The network is in format version "
              + root.path("version")
              + " but this release reads versions up to "
              + VERSION
              + "; read it with the release that wrote it, or a newer one.");
    }
    List<Long> input = new ArrayList<>();
    root.path("input").forEach(d -> input.add(d.asLong()));
    List<Layer> layers = new ArrayList<>();
    root.path(LAYERS).forEach(node -> layers.add(read(String.valueOf(layers.size()), node)));
    return new Sequential(new Shape(input), layers, Losses.named(root.path("loss").asText()));
  }

  private static ObjectNode write(Layer layer) {
    ObjectNode node = MAPPER.createObjectNode().put(TYPE, type(layer));
    if (layer instanceof Composite composite) {
      var inner = node.putArray(LAYERS);
      composite.layers().forEach(one -> inner.add(write(one)));
      return node;
    }
    return node.setAll((ObjectNode) MAPPER.valueToTree(layer));
  }

  private static String type(Layer layer) {
    return TYPES.entrySet().stream()
        .filter(e -> e.getValue() == layer.getClass())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "A layer of "
                        + layer.getClass()
                        + " has no JSON; networks are saved with layers of types "
                        + TYPES.keySet()
                        + "."));
  }

  /**
   * @param place the layer's index; within a layer, after that one's: {@code 3.0}
   */
  private static Layer read(String place, JsonNode node) {
    String type = node.path(TYPE).asText();
    Class<? extends Layer> layer = TYPES.get(type);
    if (layer == null) {
      throw new IllegalArgumentException(
          "Layer "
              + place
              + " is of the unknown type '"
              + type
              + "'; this release knows "
              + TYPES.keySet()
              + ".");
    }
    ObjectNode fields = ((ObjectNode) node).deepCopy().without(TYPE);
    if (COMPOSITES.containsKey(type)) {
      return readComposite(place, type, fields);
    }
    try {
      return MAPPER.treeToValue(fields, layer);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Layer " + place + " of type '" + type + "': " + e.getOriginalMessage(), e);
    }
  }

  private static Layer readComposite(String place, String type, ObjectNode fields) {
    if (fields.size() != 1 || !fields.path(LAYERS).isArray()) {
      List<String> names = new ArrayList<>();
      fields.fieldNames().forEachRemaining(names::add);
      throw new IllegalArgumentException(
          "Layer "
              + place
              + " of type '"
              + type
              + "' has the fields "
              + names
              + "; it takes a list '"
              + LAYERS
              + "' and nothing else.");
    }
    List<Layer> inner = new ArrayList<>();
    fields.path(LAYERS).forEach(one -> inner.add(read(place + "." + inner.size(), one)));
    try {
      return COMPOSITES.get(type).apply(inner);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Layer " + place + " of type '" + type + "': " + e.getMessage(), e);
    }
  }
}
