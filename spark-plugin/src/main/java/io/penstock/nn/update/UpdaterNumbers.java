package io.penstock.nn.update;

import java.util.Map;
import java.util.function.DoublePredicate;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.databind.JsonNode;

/** Check of the numbers in an updater's settings and those of its schedules. Stateless. */
final class UpdaterNumbers {
  private static final Range ABOVE_0 = new Range("a number above 0", x -> x > 0);
  private static final Range FROM_0 = new Range("0 or a number above it", x -> x >= 0);
  private static final Range LEVEL = new Range(FROM_0.words, FROM_0.holds);
  private static final Range DIVISOR =
      new Range("a number above 0, also as a float, such as 1e-8", x -> (float) x > 0);
  private static final Range SHARE = new Range("at least 0 and below 1", x -> x >= 0 && x < 1);
  private static final Range ANY = new Range("a finite number", x -> true);

  private static final Map<String, Range> RANGES =
      Map.ofEntries(
          Map.entry("learningRate", ABOVE_0),
          Map.entry("momentum", SHARE),
          Map.entry("beta1", SHARE),
          Map.entry("beta2", SHARE),
          Map.entry("rho", SHARE),
          Map.entry("rmsDecay", SHARE),
          Map.entry("epsilon", DIVISOR),
          Map.entry("initialValue", LEVEL),
          Map.entry("value", LEVEL),
          Map.entry("initialLearningRate", LEVEL),
          Map.entry("maxLearningRate", ABOVE_0),
          Map.entry("decayRate", FROM_0),
          Map.entry("annealingDecay", FROM_0),
          Map.entry("step", ABOVE_0),
          Map.entry("maxIter", ABOVE_0),
          Map.entry("cycleLength", ABOVE_0));

  /** Fields that are not a number where another holds a schedule. */
  private static final Map<String, String> SCHEDULED =
      Map.of("learningRate", "learningRateSchedule", "momentum", "momentumISchedule");

  private static final String BY_STEP = "values";
  private static final String MOMENTUM = ".momentumISchedule";

  private record Range(String words, DoublePredicate holds) {}

  private UpdaterNumbers() {}

  /**
   * Checks an updater.
   *
   * @throws IllegalArgumentException that names the number, its value and what is allowed
   */
  static void check(IUpdater config) {
    String name = config.getClass().getSimpleName();
    if (UpdaterJson.isKnown(config)) {
      checkAll(name, UpdaterJson.fields(config));
    } else if (config.hasLearningRate()) {
      check(name, "learningRate", FROM_0, config.getLearningRate(0, 0));
    }
  }

  private static void checkAll(String name, JsonNode object) {
    for (Map.Entry<String, JsonNode> field :
        (Iterable<Map.Entry<String, JsonNode>>) object::fields) {
      JsonNode value = field.getValue();
      String path = name + "." + field.getKey();
      if (value.isObject()) {
        checkAll(path, value);
      } else if (value.isNumber() && !object.hasNonNull(SCHEDULED.get(field.getKey()))) {
        check(name, field.getKey(), range(name, field.getKey()), value.doubleValue());
      }
    }
  }

  /** Returns the range of a schedule's number: what the field that it stands for may be. */
  private static Range range(String name, String field) {
    Range usual = name.endsWith("." + BY_STEP) ? LEVEL : RANGES.getOrDefault(field, ANY);
    boolean level = usual == LEVEL || field.equals("maxLearningRate");
    return level && name.contains(MOMENTUM) ? SHARE : usual;
  }

  private static void check(String name, String field, Range range, double value) {
    if (!Double.isFinite(value) || !range.holds.test(value)) {
      throw new IllegalArgumentException(
          "The updater's " + name + "." + field + " is " + value + "; give " + range.words + ".");
    }
  }
}
