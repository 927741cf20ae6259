package io.penstock.nn.network;

import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Migration of networks in older versions of their JSON, which go on computing what they computed.
 * Stateless.
 */
final class OldNetworks {
  private static final String TYPE = "type";
  private static final String ACTIVATION = "activation";
  private static final String GELU_SIGMOID = "gelu_sigmoid";

  private OldNetworks() {}

  /**
   * Rewrites layers of version 1 as those of version 2. There {@code gelu} was x σ(1.702 x), and so
   * was the activation of every transformer block.
   *
   * @param layers a list, or what stands in its place; changed
   */
  static void renew(JsonNode layers) {
    for (JsonNode layer : layers) {
      if (!(layer instanceof ObjectNode fields)) {
        continue;
      }
      String type = fields.path(TYPE).asText();
      if (type.equals(ACTIVATION) && fields.path("function").asText().equalsIgnoreCase("gelu")) {
        fields.put("function", GELU_SIGMOID);
      } else if (type.equals("transformerBlock") && !fields.has(ACTIVATION)) {
        fields.put(ACTIVATION, GELU_SIGMOID);
      }
      renew(fields.path("layers"));
    }
  }
}
