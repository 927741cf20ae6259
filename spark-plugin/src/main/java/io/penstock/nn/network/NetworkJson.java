package io.penstock.nn.network;

import io.penstock.nn.JsonText;
import io.penstock.nn.Layer;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.AddSaved;
import io.penstock.nn.layer.BatchNorm;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Composite;
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
import io.penstock.nn.layer.Lstm;
import io.penstock.nn.layer.OutputBlock;
import io.penstock.nn.layer.Pooling;
import io.penstock.nn.layer.Positions;
import io.penstock.nn.layer.Residual;
import io.penstock.nn.layer.Save;
import io.penstock.nn.layer.SelfAttention;
import io.penstock.nn.layer.TiedDense;
import io.penstock.nn.layer.TransformerBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.MapperFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * JSON form of networks. Stateless. It looks like {@code {"format": "penstock-network", "version":
 * 2, "input": [784], "layers": [{"type": "dense", ...}], "loss": "softmaxCrossEntropy"}}. Types are
 * short names and not classes, so that a file cannot load code and classes can move.
 */
final class NetworkJson {
  private static final String FORMAT = "penstock-network";
  private static final int VERSION = 2;
  static final String TYPE = "type";
  private static final String CUSTOM = "custom";
  private static final String LAYERS = "layers";

  private static final Map<String, Class<? extends Layer>> TYPES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("dense", Dense.class),
              Map.entry("activation", ActivationLayer.class),
              Map.entry("batchNorm", BatchNorm.class),
              Map.entry("convolution", Convolution.class),
              Map.entry("globalPooling", GlobalPooling.class),
              Map.entry("pooling", Pooling.class),
              Map.entry("flatten", Flatten.class),
              Map.entry("dropout", Dropout.class),
              Map.entry("save", Save.class),
              Map.entry("addSaved", AddSaved.class),
              Map.entry("tiedDense", TiedDense.class),
              Map.entry("outputBlock", OutputBlock.class),
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

  /** Layers of layers, which hold nothing else, by type name. */
  private static final Map<String, Function<List<Layer>, Composite>> COMPOSITES =
      new TreeMap<>(Map.of("chain", Chain::new, "residual", Residual::new));

  static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);

  private NetworkJson() {}

  /**
   * Writes a network.
   *
   * @param travelling whether it is for a run and not to be kept, so that it may hold serialised
   *     Java
   */
  static String write(Sequential network, boolean travelling) {
    ObjectNode root = MAPPER.createObjectNode().put("format", FORMAT).put("version", VERSION);
    network.input().dims().forEach(root.putArray("input")::add);
    var layers = root.putArray(LAYERS);
    network.layers().forEach(layer -> layers.add(write(layer, travelling)));
    return root.set("loss", LossJson.write(network.loss())).toString();
  }

  /**
   * Reads a network.
   *
   * @param travelling whether it comes from this run, so that serialised Java in it can be trusted
   */
  static Sequential read(String json, boolean travelling) {
    if (json == null) {
      throw new IllegalArgumentException(
          "A network's JSON is null; give the text that Sequential.toJson() writes.");
    }
    JsonNode root = JsonText.tree("A network", json, !travelling);
    if (!root.path("format").asText().equals(FORMAT)) {
      throw new IllegalArgumentException(
          "This JSON is not a network: it lacks \"format\": \"" + FORMAT + "\".");
    }
    JsonNode version = root.path("version");
    if (!version.isInt() || version.asInt() < 1 || version.asInt() > VERSION) {
      throw new IllegalArgumentException(
          "The network is in format version "
              + version
              + " but this release reads versions up to "
              + VERSION
              + "; read it with the release that wrote it, or a newer one.");
    }
    if (version.asInt() < 2) {
      OldNetworks.renew(root.path(LAYERS));
    }
    List<Layer> layers = new ArrayList<>();
    for (JsonNode node : list(root, LAYERS, "a list of layers")) {
      layers.add(read(String.valueOf(layers.size()), node, travelling));
    }
    return new Sequential(new Shape(input(root)), layers, LossJson.read(root.path("loss")));
  }

  private static List<Long> input(JsonNode root) {
    List<Long> dims = new ArrayList<>();
    JsonNode input = list(root, "input", "a list of whole numbers, such as [784]");
    for (JsonNode dim : input) {
      if (!dim.isIntegralNumber() || !dim.canConvertToLong()) {
        throw new IllegalArgumentException(
            "The network's input is "
                + input
                + "; it must be a list of whole numbers, such as [784].");
      }
      dims.add(dim.asLong());
    }
    return dims;
  }

  private static JsonNode list(JsonNode root, String field, String wanted) {
    JsonNode found = root.path(field);
    if (!found.isArray()) {
      throw new IllegalArgumentException(
          "The network's field '"
              + field
              + "' is "
              + (found.isMissingNode() ? "missing" : "no list")
              + "; it must be "
              + wanted
              + ".");
    }
    return found;
  }

  private static ObjectNode write(Layer layer, boolean travelling) {
    if (layer instanceof Custom custom) {
      if (!travelling) {
        throw new IllegalArgumentException(
            "The network has a custom layer, whose function is code and has no JSON: it can be"
                + " trained and can predict, but not be saved. Save the weights, and build the"
                + " network anew where they are read; or do without the layer.");
      }
      return MAPPER.createObjectNode().put(TYPE, CUSTOM).put(CUSTOM, CustomText.write(custom));
    }
    ObjectNode node = MAPPER.createObjectNode().put(TYPE, type(layer));
    if (layer instanceof Composite composite) {
      var inner = node.putArray(LAYERS);
      composite.layers().forEach(one -> inner.add(write(one, travelling)));
      return node;
    }
    return node.setAll((ObjectNode) MAPPER.valueToTree(layer));
  }

  /** Returns whether a layer, and every one within it, is of a type that can be kept. */
  static boolean hasType(Layer layer) {
    return TYPES.containsValue(layer.getClass())
        && (!(layer instanceof Composite composite)
            || composite.layers().stream().allMatch(NetworkJson::hasType));
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
                        + " has no JSON, in which networks are saved and go to executors; there are"
                        + " layers of types "
                        + TYPES.keySet()
                        + ". Write one of your own as Custom.of(shape, (sd, x) -> ...), which can"
                        + " be trained."));
  }

  /**
   * Reads a layer.
   *
   * @param place the layer's index; within a layer, after that one's: {@code 3.0}
   */
  private static Layer read(String place, JsonNode node, boolean travelling) {
    String type = node.path(TYPE).asText();
    if (travelling && type.equals(CUSTOM)) {
      return CustomText.read(node.path(CUSTOM).asText());
    }
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
    ObjectNode fields = MAPPER.createObjectNode();
    fields.setAll((ObjectNode) node);
    fields.remove(TYPE);
    if (COMPOSITES.containsKey(type)) {
      return readComposite(place, type, fields, travelling);
    }
    RecordFields.complete("Layer " + place + " of type '" + type + "'", fields, layer);
    try {
      return MAPPER.treeToValue(fields, layer);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Layer " + place + " of type '" + type + "': " + e.getOriginalMessage(), e);
    }
  }

  private static Layer readComposite(
      String place, String type, ObjectNode fields, boolean travelling) {
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
    fields
        .path(LAYERS)
        .forEach(one -> inner.add(read(place + "." + inner.size(), one, travelling)));
    try {
      return COMPOSITES.get(type).apply(inner);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Layer " + place + " of type '" + type + "': " + e.getMessage(), e);
    }
  }
}
