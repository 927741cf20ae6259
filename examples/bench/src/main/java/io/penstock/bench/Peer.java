package io.penstock.bench;

import io.penstock.examples.Options;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Another library at the same work, in a process of its own: its threads and its native libraries
 * are set by the environment, before it starts.
 *
 * @param name what it is called
 * @param what in more words
 * @param mainClass the class in package {@code peer} that runs it
 * @param arguments what it is told besides the work and the number of rows
 * @param cores how many cores it may use
 * @param environment of its process
 * @param vectors whether the JVM has Java's vector module, as Spark's own start gives it
 * @param share the part of the work's rows that it is given: the slow ones a small one
 */
record Peer(
    String name,
    String what,
    String mainClass,
    List<String> arguments,
    int cores,
    Map<String, String> environment,
    boolean vectors,
    double share) {
  /**
   * What a peer reached.
   *
   * @param rowsPerSecond rows it trained on a second
   * @param blas whose matrix products it used, in its own words
   */
  record Run(double rowsPerSecond, String blas) {}

  private static final Pattern RATE = Pattern.compile("PEER rows_per_s=([0-9.]+) blas=(\\S+)");
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private static List<Peer> all() {
    return List.of(
        dl4j("dl4j-1", "DL4J, one thread", 1, Map.of()),
        dl4j("dl4j-2", "DL4J, two threads", 2, Map.of()),
        dl4j(
            "dl4j-2-passive",
            "DL4J, two threads, OMP_WAIT_POLICY=passive",
            2,
            Map.of("OMP_WAIT_POLICY", "passive")),
        mllib("mllib-native", "MLlib, OpenBLAS of JavaCPP", List.of("native"), true, 1),
        mllib("mllib", "MLlib, as Spark starts it", List.of(), true, 0.25),
        mllib("mllib-java", "MLlib, without the vector module", List.of(), false, 0.25));
  }

  private static Peer dl4j(String name, String what, int threads, Map<String, String> more) {
    Map<String, String> environment = new TreeMap<>(threads(threads));
    environment.putAll(more);
    return new Peer(
        name, what, "Dl4jPeer", List.of(Integer.toString(threads)), threads, environment, true, 1);
  }

  private static Peer mllib(
      String name, String what, List<String> arguments, boolean vectors, double share) {
    // Two tasks at a time; BLAS has one thread in each.
    return new Peer(name, what, "MllibPeer", arguments, 2, threads(1), vectors, share);
  }

  private static Map<String, String> threads(int count) {
    String text = Integer.toString(count);
    return Map.of("OMP_NUM_THREADS", text, "OPENBLAS_NUM_THREADS", text);
  }

  static List<String> names() {
    return all().stream().map(Peer::name).toList();
  }

  /**
   * The peers that an option names: {@code true} for all, {@code false} for none, or names with
   * commas between them.
   *
   * @throws IllegalArgumentException if a name is not one of theirs; the message lists them
   */
  static List<Peer> chosen(String option) {
    if (option.equals("true") || option.equals("false")) {
      return option.equals("true") ? all() : List.of();
    }
    return Configuration.words(option).stream()
        .map(
            name ->
                all().stream()
                    .filter(peer -> peer.name.equals(name))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "--peers is '"
                                    + option
                                    + "': write true, false or some of "
                                    + names())))
        .toList();
  }

  /** How many rows it is given. */
  int rows(Work work) {
    return Math.max(work.batchSize(), (int) (share * work.rows()));
  }

  /**
   * Runs it.
   *
   * @return what it reached, once it was warm
   * @throws IllegalStateException if it ends without a word; its output is the message
   */
  Run run(Work work) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Arrays.stream(JavaModuleOptions.defaultModuleOptions().split(" "))
        .filter(option -> vectors || !option.equals(VECTORS))
        .forEach(command::add);
    command.addAll(
        List.of("-Xmx4g", "-cp", classPath(), Peer.class.getPackageName() + ".peer." + mainClass));
    command.add(work.name());
    command.add(Integer.toString(rows(work)));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    StringBuilder output = new StringBuilder();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(line -> output.append(line).append('\n'));
    } finally {
      process.destroy();
    }
    return run(process.waitFor(), output.toString());
  }

  /** Finds what it reached in what it has written. */
  Run run(int exitStatus, String output) {
    Matcher rate = RATE.matcher(output);
    if (exitStatus != 0 || !rate.find()) {
      throw new IllegalStateException(
          "Peer " + name + " ended with " + exitStatus + " and no rate. It wrote:\n" + output);
    }
    return new Run(Double.parseDouble(rate.group(1)), rate.group(2));
  }

  /** This process's, this module's jars, and the peers' after them: Spark's versions win. */
  private static String classPath() {
    try {
      Path own = placeOf(Peer.class);
      Stream<String> jars =
          Stream.of(
              System.getProperty("java.class.path"),
              own.toString(),
              placeOf(Options.class).toString(), // work is described with the examples' networks
              own.resolveSibling("lib").resolve("*").toString());
      return String.join(File.pathSeparator, jars.toList());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Path placeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
