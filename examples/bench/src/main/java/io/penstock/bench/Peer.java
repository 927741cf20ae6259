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
import java.util.function.Predicate;
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
 * @param program what its process runs
 * @param takes which work it can do
 * @param cores how many cores it may use
 * @param environment of its process
 * @param share the part of the work's rows that it is given: the slow ones a small one
 */
record Peer(
    String name,
    String what,
    Program program,
    Predicate<Work> takes,
    int cores,
    Map<String, String> environment,
    double share) {
  /**
   * What a peer reached.
   *
   * @param rowsPerSecond rows it trained on a second
   * @param blas whose matrix products it used, in its own words
   */
  record Run(double rowsPerSecond, String blas) {}

  /** The command of a peer's process. */
  @FunctionalInterface
  interface Program {
    /** Returns its words. */
    List<String> command(Work work, int rows) throws IOException;
  }

  private static final Pattern RATE = Pattern.compile("PEER rows_per_s=([0-9.]+) blas=(\\S+)");
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";

  private static List<Peer> all() {
    List<Peer> all =
        new ArrayList<>(
            List.of(
                dl4j("dl4j-1", "DL4J, one thread", 1, Map.of()),
                dl4j("dl4j-2", "DL4J, two threads", 2, Map.of()),
                dl4j(
                    "dl4j-2-passive",
                    "DL4J, two threads, OMP_WAIT_POLICY=passive",
                    2,
                    Map.of("OMP_WAIT_POLICY", "passive")),
                mllib("mllib-native", "MLlib, OpenBLAS of JavaCPP", List.of("native"), true, 1),
                mllib("mllib", "MLlib, as Spark starts it", List.of(), true, 0.25),
                mllib("mllib-java", "MLlib, without the vector module", List.of(), false, 0.25)));
    all.addAll(Torch.peers());
    return all;
  }

  private static Peer dl4j(String name, String what, int threads, Map<String, String> more) {
    Map<String, String> environment = new TreeMap<>(threads(threads));
    environment.putAll(more);
    return new Peer(
        name,
        what,
        jvm("Dl4jPeer", List.of(Integer.toString(threads)), true),
        Work::isPerceptron,
        threads,
        environment,
        1);
  }

  /** DL4J's scoring of a perceptron's rows, in one thread. */
  static Peer dl4jScoring() {
    return new Peer(
        "dl4j",
        "DL4J's output alone, one thread",
        jvm("Dl4jPeer", List.of("1", "score"), true),
        Work::isPerceptron,
        1,
        threads(1),
        1);
  }

  private static Peer mllib(
      String name, String what, List<String> arguments, boolean vectors, double share) {
    // Two tasks at a time; BLAS has one thread in each.
    return new Peer(
        name, what, jvm("MllibPeer", arguments, vectors), Work::isPerceptron, 2, threads(1), share);
  }

  static Map<String, String> threads(int count) {
    String text = Integer.toString(count);
    return Map.of("OMP_NUM_THREADS", text, "OPENBLAS_NUM_THREADS", text);
  }

  static List<String> names() {
    return Stream.concat(Stream.of(Torch.ALL), all().stream().map(Peer::name)).toList();
  }

  /**
   * The peers that an option names: {@code true} for all that can do the work, {@code false} for
   * none, or names with commas between them, {@code torch} for all of PyTorch's.
   *
   * @throws IllegalArgumentException if a name is not one of theirs, the message lists them, or if
   *     it cannot do the work
   */
  static List<Peer> chosen(String option, Work work) {
    if (option.equals("true")) {
      return all().stream().filter(peer -> peer.takes.test(work)).toList();
    }
    List<Peer> chosen = named(option);
    for (Peer each : chosen) {
      if (!each.takes.test(work)) {
        throw new IllegalArgumentException(
            "--peers is '"
                + option
                + "': "
                + each.name
                + " cannot do --work "
                + work.name()
                + "; DL4J and MLlib only do perceptrons, PyTorch "
                + Torch.WORKS);
      }
    }
    return chosen;
  }

  /**
   * The peers that an option names, whatever the work: all for {@code true}.
   *
   * @throws IllegalArgumentException if a name is not one of theirs; the message lists them
   */
  static List<Peer> named(String option) {
    return switch (option) {
      case "true" -> all();
      case "false" -> List.of();
      default ->
          Options.split(option).stream().flatMap(name -> named(name, option).stream()).toList();
    };
  }

  private static List<Peer> named(String name, String option) {
    List<Peer> found =
        name.equals(Torch.ALL)
            ? Torch.peers()
            : all().stream().filter(peer -> peer.name.equals(name)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "--peers is '" + option + "': write true, false or some of " + String.join(",", names()));
    }
    return found;
  }

  /** How many rows it is given. */
  int rows(Work work) {
    return Math.max(work.batchSize(), (int) (share * work.rows()));
  }

  /** Java at a class of package {@code peer}, which is told the work, the rows and more. */
  private static Program jvm(String mainClass, List<String> arguments, boolean vectors) {
    return (work, rows) -> {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      Arrays.stream(JavaModuleOptions.defaultModuleOptions().split(" "))
          .filter(option -> vectors || !option.equals(VECTORS))
          .forEach(command::add);
      command.addAll(
          List.of(
              "-Xmx4g", "-cp", classPath(), Peer.class.getPackageName() + ".peer." + mainClass));
      command.add(work.name());
      command.add(Integer.toString(rows));
      command.addAll(arguments);
      return command;
    };
  }

  /**
   * Runs it.
   *
   * @return what it reached, once it was warm
   * @throws IllegalStateException if it ends without a word; its output is the message
   */
  Run run(Work work) throws IOException, InterruptedException {
    return run(work, rows(work));
  }

  /** Runs it with a number of rows, in place of the share that it is given. */
  Run run(Work work, int rows) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(program.command(work, rows)).redirectErrorStream(true);
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
