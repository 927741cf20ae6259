package io.penstock.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.deploy.SparkSubmitArguments;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What starts Spark: read by Spark's own parser; the class that it names exists. Which settings
 * there are, a test of the plugin's asks.
 */
record SparkCommands(Repository repository, Sources sources) implements CommandRule {
  /** What Spark's scripts add to the arguments. */
  private static final Map<String, List<String>> SHELLS =
      Map.of(
          "spark-submit", List.of(),
          "spark-shell", List.of("--class", "org.apache.spark.repl.Main", "spark-shell"),
          "pyspark", List.of("pyspark-shell"));

  @Override
  public boolean knows(ShellCommand command) {
    return SHELLS.containsKey(command.program());
  }

  @Override
  public List<String> complaints(ShellCommand command) {
    List<String> words = new ArrayList<>();
    for (String word : command.arguments()) {
      boolean own = word.startsWith("conf/") && repository.has(word);
      words.add(own ? repository.root().resolve(word).toString() : word);
    }
    words.addAll(SHELLS.get(command.program()));
    SparkSubmitArguments read;
    try {
      read = read(words);
    } catch (Exception refused) {
      return List.of(command.complaint("Spark says: " + refused.getMessage()));
    }
    String main = read.mainClass();
    boolean known = main == null || main.startsWith("org.apache.") || main.matches("[A-Z]+");
    return known || sources.type(main).isPresent()
        ? List.of()
        : List.of(command.complaint("there is no class " + main + " (CLASS stands for anybody's)"));
  }

  /** The arguments of {@code spark-submit}, as Spark reads them. */
  static SparkSubmitArguments read(List<String> arguments) {
    Map<String, String> nothing = new LinkedHashMap<>();
    return new SparkSubmitArguments(
        CollectionConverters.asScala(arguments).toSeq(),
        (scala.collection.immutable.Map<String, String>)
            Map$.MODULE$.from(CollectionConverters.asScala(nothing)));
  }
}
