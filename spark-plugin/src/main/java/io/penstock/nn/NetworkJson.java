package io.penstock.nn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A network's JSON: format, version, input shape, layers with a type each, loss. */
final class NetworkJson {
  private static final String FORMAT = "penstock-network";
  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private NetworkJson() {}

  static String write(Sequential network) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION);
    ArrayNode input = root.putArray("input");
    network.input().dims().forEach(input::add);
    ArrayNode layers = root.putArray("layers");
    // By the interface: the name of the type is written only for a value known as a Layer.
    network
        .layers()
        .forEach(
            layer -> {
              try {
                layers.add(
                    MAPPER.readTree(MAPPER.writerFor(Layer.class).writeValueAsString(layer)));
              } catch (IOException cause) {
                throw new IllegalStateException("Cannot write layer " + layer, cause);
              }
            });
    root.put("loss", network.loss().name());
    return root.toString();
  }

  static Sequential read(String json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root == null || !FORMAT.equals(root.path("format").asText())) {
        throw new IllegalArgumentException(
            "Not the JSON of a network: \"format\" is not \"" + FORMAT + "\" in " + cut(json));
      }
      int version = root.path("version").asInt();
      if (version > VERSION) {
        throw new IllegalArgumentException(
            "The network has format version "
                + version
                + ", this Penstock reads up to "
                + VERSION
                + ". Take a newer Penstock.");
      }
      List<Long> input = new ArrayList<>();
      root.path("input").forEach(dim -> input.add(dim.asLong()));
      List<Layer> layers = new ArrayList<>();
      for (JsonNode layer : root.path("layers")) {
        layers.add(MAPPER.treeToValue(layer, Layer.class));
      }
      return new Sequential(new Shape(input), layers, Losses.valueOf(root.path("loss").asText()));
    } catch (IOException cause) {
      throw new IllegalArgumentException("Not the JSON of a network: " + cause.getMessage(), cause);
    }
  }

  private static String cut(String json) {
    int most = 200;
    return json.length() <= most ? json : json.substring(0, most) + "…";
  }
}
