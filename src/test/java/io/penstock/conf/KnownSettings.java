package io.penstock.conf;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.internal.config.ConfigEntry$;
import org.apache.spark.internal.config.ConfigReader;
import org.apache.spark.sql.internal.SQLConf;
import org.nd4j.common.config.ND4JEnvironmentVars;

/** Which settings Spark and Penstock know, and whether they take a value. */
final class KnownSettings {
  /** Spark makes its entries when these are first touched. */
  private static final List<Object> HOLDERS =
      List.of(
          org.apache.spark.internal.config.package$.MODULE$,
          org.apache.spark.internal.config.UI$.MODULE$,
          org.apache.spark.internal.config.Network$.MODULE$,
          org.apache.spark.deploy.k8s.Config$.MODULE$,
          org.apache.spark.deploy.yarn.config.package$.MODULE$,
          SQLConf.SHUFFLE_PARTITIONS());

  /** More that Spark reads without an entry. */
  private static final List<String> UNDECLARED =
      List.of("spark\\.(master|local\\.dir)", "spark\\.ssl\\.rpc\\..+");

  /** Families whose names end with something free, and what Spark reads without an entry. */
  private static final List<String> FREE =
      List.of(
          "spark\\.rapids\\..+", // asked of RAPIDS's own jar where that is: in its module
          "spark\\.executorEnv\\.(?!ND4J)[A-Z][A-Z0-9_]*",
          "spark\\.(driver|executor|task|worker)\\.resource\\.gpu\\."
              + "(amount|discoveryScript|vendor)");

  private final Map<String, Setting<?>> own =
      Settings.all().stream().collect(Collectors.toMap(Setting::key, setting -> setting));

  /** ND4J's own, by its list of them. */
  private static boolean isOfNd4j(String key) {
    return Arrays.stream(ND4JEnvironmentVars.class.getFields())
        .anyMatch(field -> key.equals("spark.executorEnv." + field.getName()));
  }

  /** Whether there is such a setting, whatever its value. */
  boolean knows(String key) {
    return own.containsKey(key)
        || takesAny(key)
        || !HOLDERS.isEmpty() && ConfigEntry.findEntry(key) != null;
  }

  private boolean takesAny(String key) {
    return isOfNd4j(key) || families().anyMatch(key::matches);
  }

  private static Stream<String> families() {
    return Stream.concat(FREE.stream(), UNDECLARED.stream());
  }

  /** Whether there are settings whose names begin so. */
  boolean knowsSome(String prefix) {
    return own.keySet().stream().anyMatch(key -> key.startsWith(prefix))
        || families().anyMatch(family -> begins(family, prefix))
        || !HOLDERS.isEmpty()
            && ConfigEntry$.MODULE$.knownConfigs().keySet().stream()
                .anyMatch(key -> key.startsWith(prefix));
  }

  /** Whether it is so, or would be with more behind it. */
  private static boolean begins(String family, String prefix) {
    Matcher matcher = Pattern.compile(family).matcher(prefix);
    return matcher.matches() || matcher.hitEnd();
  }

  /** What is wrong with a setting, if anything is. */
  Optional<String> complaint(String key, String value) {
    if (own.containsKey(key)) {
      return refusal(own.get(key), key, value);
    }
    if (HOLDERS.isEmpty() || takesAny(key)) {
      return value.isEmpty() ? Optional.of(key + " has no value") : Optional.empty();
    }
    ConfigEntry<?> entry = ConfigEntry.findEntry(key);
    if (entry == null) {
      return Optional.of(key + " is known neither to Spark nor to Penstock");
    }
    try {
      entry.readFrom(new ConfigReader(Map.of(key, value)));
      return Optional.empty();
    } catch (IllegalArgumentException refused) {
      return Optional.of(key + " cannot be " + value + ": " + refused.getMessage());
    }
  }

  private static Optional<String> refusal(Setting<?> setting, String key, String value) {
    try {
      setting.given(new SparkConf(false).set(key, value));
      return Optional.empty();
    } catch (IllegalArgumentException refused) {
      return Optional.of(refused.getMessage());
    }
  }
}
