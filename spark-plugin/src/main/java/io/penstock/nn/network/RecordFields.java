package io.penstock.nn.network;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Check of the fields that a record takes from JSON: all there, and none without a value.
 * Stateless.
 */
final class RecordFields {
  private RecordFields() {}

  /**
   * Adds fields that may be left out, as null.
   *
   * @param what they are of, for the message
   * @param type the record
   * @throws IllegalArgumentException if another is missing, or there is a null in one; the message
   *     names it
   */
  static void complete(String what, ObjectNode fields, Class<?> type) {
    addLeftOut(fields, type);
    checkMissing(what, fields, type);
    checkNulls(what, fields, type);
  }

  /** Checks that no field is missing; Jackson's own words on that are about its settings. */
  private static void checkMissing(String what, ObjectNode fields, Class<?> type) {
    List<String> wanted =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    for (String name : wanted) {
      if (!fields.has(name)) {
        List<String> given = new ArrayList<>();
        fields.fieldNames().forEachRemaining(given::add);
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s lacks the field '%s': it has %s, and takes %s.",
                what,
                name,
                given,
                wanted));
      }
    }
  }

  /** Adds fields that a newer release added and leaves out where they are null or empty. */
  private static void addLeftOut(ObjectNode fields, Class<?> type) {
    for (String name : optional(type)) {
      if (!fields.has(name)) {
        fields.putNull(name);
      }
    }
  }

  private static List<String> optional(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> component.getAccessor().isAnnotationPresent(JsonInclude.class))
        .map(RecordComponent::getName)
        .toList();
  }

  private static void checkNulls(String what, ObjectNode fields, Class<?> type) {
    List<String> optional = optional(type);
    for (Map.Entry<String, JsonNode> field :
        (Iterable<Map.Entry<String, JsonNode>>) fields::fields) {
      JsonNode value = field.getValue();
      if (value.isNull() ? !optional.contains(field.getKey()) : holdsNull(value)) {
        throw new IllegalArgumentException(
            what + ": its field '" + field.getKey() + "' is " + value + "; give values for null.");
      }
    }
  }

  private static boolean holdsNull(JsonNode node) {
    for (JsonNode inner : node) {
      if (inner.isNull() || holdsNull(inner)) {
        return true;
      }
    }
    return false;
  }
}
