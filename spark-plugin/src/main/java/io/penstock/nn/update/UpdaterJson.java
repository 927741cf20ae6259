package io.penstock.nn.update;

import io.penstock.nn.JsonText;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.ObjectReader;
import org.nd4j.shade.jackson.databind.exc.UnrecognizedPropertyException;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Reader and writer of ND4J's updaters in its own JSON, which names classes: {@code {"@class":
 * "org.nd4j.linalg.learning.config.Adam", ...}}. Left to Jackson, any class that a text names would
 * be loaded and initialised before it is asked what it is. So the names are looked up here first:
 * there is a closed list of updaters and of schedules, to which a jar adds its own as a {@link
 * ServiceLoader service}, and a text nothing. Stateless.
 */
final class UpdaterJson {
  private static final String TYPE = "@class";
  private static final String UPDATER = "updater";

  /** Updaters by name, without AdaBelief, of which ND4J makes none. */
  private static final Map<String, Class<? extends IUpdater>> UPDATERS =
      byName(
          List.of(
              Sgd.class,
              Nesterovs.class,
              Adam.class,
              AdaMax.class,
              Nadam.class,
              AMSGrad.class,
              AdaGrad.class,
              RmsProp.class,
              AdaDelta.class,
              NoOp.class));

  /** Schedules by name, without RampSchedule, which ND4J writes and cannot read. */
  private static final Map<String, Class<? extends ISchedule>> SCHEDULES =
      byName(
          List.of(
              CycleSchedule.class,
              ExponentialSchedule.class,
              FixedSchedule.class,
              InverseSchedule.class,
              MapSchedule.class,
              PolySchedule.class,
              SigmoidSchedule.class,
              StepSchedule.class));

  private static final ObjectMapper MAPPER = JsonMappers.getMapper();

  private static final ObjectReader READER =
      MAPPER
          .reader()
          .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .without(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

  /** Reader of schedules, whose fields have no defaults. */
  private static final ObjectReader COMPLETE =
      READER.with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  private UpdaterJson() {}

  private static <T> Map<String, Class<? extends T>> byName(List<Class<? extends T>> classes) {
    return classes.stream()
        .collect(Collectors.toMap(Class::getName, Function.identity(), (a, b) -> b, TreeMap::new));
  }

  /** Returns whether an updater is one of ND4J's, so that its fields are known. */
  static boolean isKnown(IUpdater config) {
    return UPDATERS.containsValue(config.getClass());
  }

  /**
   * Reads an updater, with options or without.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  static Updater read(String json) {
    JsonNode root = JsonText.tree("An updater", json, true);
    if (!(root instanceof ObjectNode fields)) {
      throw refused("it is no object in braces", json);
    }
    try {
      if (!fields.has(UPDATER)) {
        return Updater.of(config(fields, json));
      }
      ObjectNode options = MAPPER.createObjectNode();
      options.setAll(fields);
      options.remove(UPDATER);
      addLeftOut(options, UpdateOptions.NONE);
      checkGiven(options, json);
      return Updater.of(config(fields.get(UPDATER), json))
          .with(READER.forType(UpdateOptions.class).readValue(options));
    } catch (UnrecognizedPropertyException e) {
      String why = "it has no field '" + e.getPropertyName() + "', but " + e.getKnownPropertyIds();
      throw refused(why, json, e);
    } catch (JsonProcessingException e) {
      throw refused(e.getOriginalMessage(), json, e);
    } catch (IOException e) {
      throw refused(e.getMessage(), json, e);
    }
  }

  private static IUpdater config(JsonNode node, String json) throws IOException {
    Class<? extends IUpdater> type =
        updater(node)
            .orElseThrow(
                () ->
                    refused(
                        "its \"@class\" is "
                            + node.path(TYPE)
                            + ", but must be one of "
                            + UPDATERS.keySet()
                            + ", or be named in META-INF/services/"
                            + IUpdater.class.getName()
                            + " of a jar",
                        json));
    checkFields(node, json);
    if (!UPDATERS.containsValue(type)) {
      return READER.forType(type).readValue(node);
    }
    checkGiven(node, json);
    ObjectNode all = node.deepCopy();
    addLeftOut(all, usual(type));
    return READER.forType(type).readValue(all);
  }

  /**
   * Makes one of ND4J's updaters with ND4J's own defaults; its constructor for JSON would take 0
   * for them.
   */
  private static IUpdater usual(Class<? extends IUpdater> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has no defaults", e);
    }
  }

  private static void addLeftOut(ObjectNode fields, Object usual) {
    ObjectNode defaults = MAPPER.valueToTree(usual);
    defaults
        .fields()
        .forEachRemaining(
            field -> {
              if (!fields.has(field.getKey())) {
                fields.set(field.getKey(), field.getValue());
              }
            });
  }

  /** Checks that fields have values: no value is not 0; only schedules may be none. */
  private static void checkGiven(JsonNode object, String json) throws IOException {
    Class<? extends ISchedule> schedule = SCHEDULES.get(object.path(TYPE).asText());
    if (schedule != null) {
      COMPLETE.forType(schedule).readValue(object);
    }
    for (Map.Entry<String, JsonNode> field :
        (Iterable<Map.Entry<String, JsonNode>>) object::fields) {
      if (field.getValue().isNull() && !field.getKey().endsWith("Schedule")) {
        throw refused(
            "its field '" + field.getKey() + "' is null; give a value, or leave it out", json);
      }
      checkGiven(field.getValue(), json);
    }
  }

  /**
   * Finds a class among ND4J's, or among those that jars on the class path declare as a service.
   */
  private static Optional<Class<? extends IUpdater>> updater(JsonNode node) {
    String name = node.path(TYPE).asText();
    if (UPDATERS.containsKey(name)) {
      return Optional.of(UPDATERS.get(name));
    }
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try {
      return ServiceLoader.load(IUpdater.class, loader).stream()
          .<Class<? extends IUpdater>>map(ServiceLoader.Provider::type)
          .filter(type -> type.getName().equals(name))
          .findFirst();
    } catch (ServiceConfigurationError broken) {
      throw new IllegalArgumentException(
          "A jar declares an updater that cannot be loaded: " + broken.getMessage(), broken);
    }
  }

  /** Checks that fields hold plain values, schedules, or numbers by name as a MapSchedule does. */
  private static void checkFields(JsonNode object, String json) {
    for (Map.Entry<String, JsonNode> field :
        (Iterable<Map.Entry<String, JsonNode>>) object::fields) {
      JsonNode value = field.getValue();
      if (value.isArray()) {
        throw refused("its field '" + field.getKey() + "' is a list, which none has", json);
      }
      if (value.isObject()) {
        if (value.has(TYPE) && !SCHEDULES.containsKey(value.path(TYPE).asText())) {
          throw refused(
              "the \"@class\" of its field '"
                  + field.getKey()
                  + "' is "
                  + value.path(TYPE)
                  + ", but must be one of "
                  + SCHEDULES.keySet(),
              json);
        }
        checkFields(value, json);
      }
    }
  }

  /**
   * Writes an updater; without options in ND4J's own format.
   *
   * @throws IllegalArgumentException if it could not be read again
   */
  static String write(IUpdater config, UpdateOptions options) {
    try {
      String plain = MAPPER.writeValueAsString(config);
      JsonNode tree = MAPPER.readTree(plain);
      if (updater(tree).isEmpty()) {
        throw new IllegalArgumentException(
            config.getClass().getName()
                + " has no JSON, which travels to the executors: use one of "
                + names(UPDATERS.values())
                + ", or name it in META-INF/services/"
                + IUpdater.class.getName()
                + " of its jar.");
      }
      checkFields(tree, plain);
      if (options.equals(UpdateOptions.NONE)) {
        return plain;
      }
      ObjectNode root = MAPPER.createObjectNode();
      root.set(UPDATER, tree);
      return root.setAll((ObjectNode) MAPPER.valueToTree(options)).toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "ND4J cannot write " + config.getClass().getName() + " as JSON; use one of ND4J's.", e);
    }
  }

  /**
   * Returns the fields of an updater, by name.
   *
   * @param config one of ND4J's
   */
  static JsonNode fields(IUpdater config) {
    return MAPPER.valueToTree(config);
  }

  private static List<String> names(Collection<? extends Class<?>> classes) {
    return classes.stream().map(Class::getSimpleName).toList();
  }

  private static IllegalArgumentException refused(String why, String json) {
    return refused(why, json, null);
  }

  private static IllegalArgumentException refused(String why, String json, Exception cause) {
    return new IllegalArgumentException(
        "Not the JSON of an ND4J updater: " + why + ". Text: " + JsonText.shown(json), cause);
  }
}
