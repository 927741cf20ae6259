package io.penstock.nn.network;

import io.penstock.nn.Loss;
import io.penstock.nn.loss.Losses;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * JSON form of a network's loss: its name, with settings where they are not the usual ones.
 * Stateless.
 */
final class LossJson {
  private LossJson() {}

  /** Writes the name alone, or with settings that are not the usual ones an object. */
  static JsonNode write(Loss loss) {
    Loss usual = Losses.named(loss.name());
    if (usual.getClass() != loss.getClass()) {
      throw new IllegalArgumentException(
          "The loss " + loss + " is not one of Losses and has no JSON.");
    }
    return usual.equals(loss)
        ? NetworkJson.MAPPER.getNodeFactory().textNode(loss.name())
        : NetworkJson.MAPPER
            .createObjectNode()
            .put(NetworkJson.TYPE, loss.name())
            .setAll((ObjectNode) NetworkJson.MAPPER.valueToTree(loss));
  }

  static Loss read(JsonNode node) {
    if (!(node instanceof ObjectNode settings)) {
      return Losses.named(node.asText());
    }
    Loss usual = Losses.named(node.path(NetworkJson.TYPE).asText());
    try {
      ObjectNode fields = settings.deepCopy().without(NetworkJson.TYPE);
      RecordFields.complete("The loss '" + usual.name() + "'", fields, usual.getClass());
      return NetworkJson.MAPPER.treeToValue(fields, usual.getClass());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The loss '" + usual.name() + "': " + e.getOriginalMessage(), e);
    }
  }
}
