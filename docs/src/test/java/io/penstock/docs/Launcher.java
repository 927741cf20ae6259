package io.penstock.docs;

import io.penstock.testing.Command;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.deploy.SparkSubmitArguments;
import scala.jdk.javaapi.CollectionConverters;

/**
 * {@code examples/run} beside a Java that only tells what it was asked to start.
 *
 * @param root of what the launcher takes for a built checkout
 */
record Launcher(Path root) {
  /** Answers as Java 17, as Spark's launcher, which gives a command, or with its arguments. */
  private static final String JAVA =
      """
      #!/bin/sh
      case "$*" in
        -version) echo 'openjdk version "17.0.1"' >&2 ;;
        SUBMIT*) printf '%s\\0' "$@" ;;
        *org.apache.spark.launcher.Main*)
          printf '\\0\\n'
          for word in java SUBMIT "$@"; do printf '%s\\0' "$word"; done ;;
        *) printf '%s\\0' "$@" ;;
      esac
      """;

  /**
   * What the launcher would start.
   *
   * @param mainClass empty where it starts nothing but only tells of its examples
   * @param arguments that the class gets
   * @param settings of Spark
   */
  record Start(String mainClass, List<String> arguments, Map<String, String> settings) {}

  /** Lays what the launcher needs of the repository into an empty folder. */
  static Launcher in(Path root, Repository repository) throws IOException {
    List<String> files = new ArrayList<>(List.of("examples/run"));
    for (String ending : List.of(".conf", ".properties", ".sh", ".yaml")) {
      repository.files(ending).stream()
          .map(file -> repository.root().relativize(file).toString())
          .filter(file -> file.matches("(conf|examples)/[^/]+"))
          .forEach(files::add);
    }
    for (String file : files) {
      copy(repository.root().resolve(file), root.resolve(file));
    }
    for (Path pom : repository.files("pom.xml")) {
      Path copy = root.resolve(repository.root().relativize(pom).toString());
      copy(pom, copy);
      Files.createDirectories(copy.resolveSibling("src/main"));
      Files.createDirectories(copy.resolveSibling("target/lib"));
    }
    for (String module : List.of("examples", "examples/bench", "rapids")) {
      Path target = Files.createDirectories(root.resolve(module).resolve("target"));
      Files.createFile(target.resolve("penstock-" + target.getParent().getFileName() + "-0.jar"));
    }
    Files.createDirectories(root.resolve("examples/target/spark-home/jars"));
    Files.createFile(root.resolve("examples/target/lib/nd4j-cuda-0-linux-x86_64.jar"));
    // The RAPIDS Accelerator: where the examples' build puts it, or where a module's says.
    Path rapids = Files.createDirectories(root.resolve("examples/target/rapids"));
    rapids = Files.createFile(rapids.resolve("rapids-4-spark_2.13-0.jar"));
    Files.writeString(root.resolve("rapids/target/rapids-jar"), rapids.toString());
    Path java = Files.createDirectories(root.resolve("bin")).resolve("java");
    Files.writeString(java, JAVA).toFile().setExecutable(true);
    for (String module : List.of("examples", "examples/bench", "rapids")) {
      Files.createFile(root.resolve(module).resolve("target/built-for-run"));
    }
    return new Launcher(root);
  }

  /** As old as now, so that nothing is newer than what is taken for built. */
  private static void copy(Path file, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(file, to);
    to.toFile().setExecutable(Files.isExecutable(file));
  }

  /**
   * Asks it. A cluster of the page's, {@code spark://HOST:7077}, is one that answers.
   *
   * @throws IllegalArgumentException with the launcher's words where it refuses
   */
  Start start(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    try (ServerSocket cluster = new ServerSocket(0)) {
      ProcessBuilder builder = new ProcessBuilder(root.resolve("examples/run").toString());
      for (String argument : arguments) {
        builder.command().add(argument.replaceFirst("spark://[A-Z]+:\\d+", at(cluster)));
      }
      builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
      builder.environment().keySet().removeAll(List.of("JAVA_HOME", "COLUMNS"));
      builder.environment().putAll(environment);
      builder.environment().compute("PATH", (name, path) -> root.resolve("bin") + ":" + path);
      Command.Outcome outcome = Command.run(builder);
      if (outcome.status() != 0) {
        throw new IllegalArgumentException(outcome.err().strip());
      }
      return read(Arrays.asList(outcome.out().split("\0")));
    }
  }

  private static String at(ServerSocket cluster) {
    return "spark://localhost:" + cluster.getLocalPort();
  }

  private static Start read(List<String> words) {
    int submit = words.indexOf("org.apache.spark.deploy.SparkSubmit");
    if (submit >= 0) {
      SparkSubmitArguments read = SparkCommands.read(words.subList(submit + 1, words.size()));
      return new Start(
          read.mainClass(),
          CollectionConverters.asJava(read.childArgs()),
          CollectionConverters.asJava(read.sparkProperties()));
    }
    int classPath = words.indexOf("-cp");
    return classPath < 0
        ? new Start("", List.of(), Map.of())
        : new Start(words.get(classPath + 2), words.subList(classPath + 3, words.size()), Map.of());
  }
}
