package io.penstock.dl4j;

import io.penstock.nn.Loss;
import io.penstock.nn.loss.Losses;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * The loss that a Keras model was compiled with.
 *
 * @param json its name, or its class and settings
 * @param last the model's last layer, which may end with the activation that Penstock has in the
 *     loss
 */
record KerasLoss(JsonNode json, KerasLayerConfig last) {
  /** Penstock's; empty if there is none. */
  Optional<Loss> loss() {
    if (json.isMissingNode() || json.isNull()) {
      return Optional.empty();
    }
    double smoothing = setting("label_smoothing", 0);
    return Optional.of(
        switch (name().toLowerCase(Locale.ROOT).replace("_", "")) {
          case "categoricalcrossentropy", "sparsecategoricalcrossentropy" -> {
            checkEnd("softmax");
            yield Losses.softmaxCrossEntropy().smoothed(smoothing);
          }
          case "binarycrossentropy" -> {
            checkEnd("sigmoid");
            if (smoothing != 0) {
              throw refuse("with a label_smoothing of " + smoothing);
            }
            yield Losses.sigmoidCrossEntropy();
          }
          case "meansquarederror", "mse" -> Losses.squaredError();
          case "meanabsoluteerror", "mae" -> Losses.absoluteError();
          case "huber", "huberloss" -> Losses.huber(setting("delta", 1));
          default -> throw refuse("");
        });
  }

  private String name() {
    return json.isObject() ? json.path("class_name").asText() : json.asText();
  }

  private double setting(String name, double otherwise) {
    return json.path("config").path(name).asDouble(otherwise);
  }

  /** Penstock's loss has this activation inside: logits must come. */
  private void checkEnd(String activation) {
    boolean logits = json.path("config").path("from_logits").asBoolean();
    if (logits == last.endsWith(activation)) {
      throw refuse(
          (logits ? "from logits, but ends with " : "of probabilities, but does not end with ")
              + activation);
    }
  }

  private IllegalArgumentException refuse(String how) {
    return new IllegalArgumentException(
        "The Keras model was compiled with the loss '"
            + name()
            + "'"
            + (how.isEmpty() ? "" : " " + how)
            + ", which Penstock does not have; name another in read(file, loss), such as"
            + " Losses.squaredError(): it changes no weights.");
  }
}
