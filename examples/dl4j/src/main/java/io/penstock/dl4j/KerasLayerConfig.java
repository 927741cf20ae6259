package io.penstock.dl4j;

import java.util.Set;
import java.util.TreeSet;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What a Keras file says of one layer. Looked at before DL4J reads it, which passes over some of
 * what it does not know.
 *
 * @param json the entry in the model's list
 */
record KerasLayerConfig(JsonNode json) {
  private static final String ACTIVATION = "activation";
  private static final String GELU = "gelu";
  private static final Set<String> SEQUENCES = Set.of("Embedding", "LSTM");
  private static final Set<String> SIGNALS =
      Set.of(
          "AveragePooling1D",
          "Conv1D",
          "GlobalAveragePooling1D",
          "GlobalMaxPooling1D",
          "MaxPooling1D");
  private static final Set<String> PICTURES =
      Set.of(
          "AveragePooling2D",
          "Conv2D",
          "GlobalAveragePooling2D",
          "GlobalMaxPooling2D",
          "MaxPooling2D");
  private static final Set<String> OTHERS =
      Set.of(
          "Activation",
          "BatchNormalization",
          "Dense",
          "Dropout",
          "ELU",
          "Flatten",
          "InputLayer",
          "LeakyReLU",
          "ReLU",
          "Softmax");

  /** Settings of recurrent layers that are off where DL4J computes what Keras does. */
  private static final Set<String> OFF =
      Set.of("go_backwards", "return_state", "stateful", "recurrent_dropout");

  String type() {
    return json.path("class_name").asText();
  }

  JsonNode get(String setting) {
    return json.path("config").path(setting);
  }

  boolean flattens() {
    return type().equals("Flatten") || type().startsWith("Global");
  }

  String name() {
    return get("name").asText();
  }

  /** Whether numbers go through Keras's gelu, the exact one, behind it. */
  boolean hasGelu() {
    return !type().equals("LSTM") && get(ACTIVATION).asText().equals(GELU);
  }

  /** The same without that. */
  JsonNode withoutGelu() {
    ObjectNode copy = json.deepCopy();
    ((ObjectNode) copy.path("config")).put(ACTIVATION, "linear");
    return copy;
  }

  /** What it takes rows of two dimensions for. */
  Axes axes() {
    return SIGNALS.contains(type())
        ? Axes.SIGNAL
        : SEQUENCES.contains(type()) || type().equals("Dense") ? Axes.SEQUENCE : Axes.UNKNOWN;
  }

  /** Whether it ends with this activation. */
  boolean endsWith(String activation) {
    return get(ACTIVATION).asText().equals(activation) || type().equalsIgnoreCase(activation);
  }

  /**
   * Checks what DL4J's import would not.
   *
   * @throws UnsupportedLayerException if it has no counterpart
   */
  void check() {
    if (!known().contains(type())) {
      throw refuse(
          "this type has no counterpart that is read; take it out or replace it by one of "
              + known()
              + ".");
    }
    if (get("groups").asInt(1) != 1) {
      throw refuse("Penstock's convolutions have no groups; build it with groups=1.");
    }
    if (get("mask_zero").asBoolean()) {
      throw refuse(
          "Penstock's padding is negative ids, not 0; build it with mask_zero=False and pad with"
              + " -1.");
    }
    if (!get("noise_shape").isMissingNode() && !get("noise_shape").isNull()) {
      throw refuse("Penstock's dropout has no noise_shape; build it without.");
    }
    if (type().equals("LSTM")) {
      checkRecurrent();
    }
  }

  private void checkRecurrent() {
    for (String setting : OFF) {
      if (get(setting).asDouble() != 0 || get(setting).asBoolean()) {
        throw refuse("Penstock's LSTM has no " + setting + "; build it without.");
      }
    }
    if (!get("use_bias").asBoolean(true)) {
      throw refuse("Penstock's LSTM has a bias; build it with use_bias=True.");
    }
  }

  /**
   * Checks that it normalises channels.
   *
   * @param rank of its rows
   * @param channelsLast Keras's order
   * @throws UnsupportedLayerException if it does not
   */
  void checkAxis(int rank, boolean channelsLast) {
    JsonNode given = get("axis");
    int axis = (given.isArray() ? given.path(0) : given).asInt(-1);
    int channels = channelsLast ? rank : 1;
    if ((axis < 0 ? axis + rank + 1 : axis) != channels) {
      throw refuse(
          "it normalises along axis " + axis + ", Penstock along the channels; give that axis.");
    }
  }

  /** Says that there is no counterpart for the layer, or a part of it. */
  UnsupportedLayerException refuse(String why) {
    return new UnsupportedLayerException(this + ": " + why);
  }

  private static Set<String> known() {
    Set<String> all = new TreeSet<>(OTHERS);
    all.addAll(SEQUENCES);
    all.addAll(SIGNALS);
    all.addAll(PICTURES);
    return all;
  }

  @Override
  public String toString() {
    return "Layer '" + name() + "' (" + type() + ")";
  }
}
