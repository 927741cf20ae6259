package io.penstock.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone cluster of this machine alone: a master, and workers of one core, each a process.
 * Any thread may start and end workers.
 */
final class SoakCluster implements AutoCloseable {
  private static final Pattern STARTED = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final int PAUSE_MILLIS = 50;
  private static final String LOG =
      """
      rootLogger.level = info
      rootLogger.appenderRef.console.ref = console
      appender.console.type = Console
      appender.console.name = console
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n
      """;

  private final Path directory;
  private final String classPath;
  private final Map<String, String> environment;
  private final Process master;
  private final List<Process> workers = new CopyOnWriteArrayList<>();
  private final String address;
  private int started;

  /**
   * Starts the master.
   *
   * @param directory for logs and the executors' work
   * @param classPath of Spark
   * @param environment of all processes, over this one's
   */
  SoakCluster(Path directory, String classPath, Map<String, String> environment)
      throws IOException, InterruptedException {
    this.directory = directory;
    this.classPath = classPath;
    this.environment = Map.copyOf(environment);
    Files.writeString(directory.resolve("log4j2.properties"), LOG);
    // Executors end often here: the master is not to give the application up for it.
    this.master =
        start(
            "master.Master",
            "master",
            "-Dspark.deploy.maxExecutorRetries=-1",
            "--host",
            "localhost",
            "--port",
            "0",
            "--webui-port",
            "0");
    try {
      this.address = awaitAddress(directory.resolve("master.log"));
    } catch (IOException | InterruptedException incomplete) {
      master.destroyForcibly();
      throw incomplete;
    }
  }

  /** Where the master is reached. */
  String master() {
    return address;
  }

  /** Starts a worker. */
  synchronized void startWorker() throws IOException {
    workers.add(
        start(
            "worker.Worker",
            "worker-" + started++,
            "-Dspark.worker.cleanup.enabled=false",
            "--host",
            "localhost",
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            "1",
            "--memory",
            "1g",
            "--work-dir",
            directory.resolve("work").toString(),
            address));
  }

  /** The workers that live. */
  List<Process> workers() {
    return workers.stream().filter(Process::isAlive).toList();
  }

  /** The executors that live, of one worker. */
  static List<ProcessHandle> executors(Process worker) {
    return worker.children().filter(ProcessHandle::isAlive).toList();
  }

  /** The executors that live. */
  List<ProcessHandle> executors() {
    return workers().stream().flatMap(worker -> executors(worker).stream()).toList();
  }

  /** Ends a worker and its executors at once, as where a host is lost. */
  void killWorker(Process worker) {
    List<ProcessHandle> executors = executors(worker);
    worker.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
    workers.remove(worker);
  }

  private Process start(String daemon, String name, String option, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    for (String opened : List.of("sun.nio.ch", "java.nio", "java.lang", "java.util", "java.net")) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.add("-Dlog4j2.configurationFile=" + directory.resolve("log4j2.properties"));
    command.addAll(List.of(option, "-cp", classPath, "org.apache.spark.deploy." + daemon));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String awaitAddress(Path log) throws IOException, InterruptedException {
    while (master.isAlive()) {
      try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Matcher matcher = STARTED.matcher(line);
          if (matcher.find()) {
            return matcher.group(1);
          }
        }
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new IOException("Spark's master has ended: " + Files.readString(log));
  }

  /** Ends all processes, stopped ones too, and returns when they have ended. */
  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(workers.stream(), Stream.of(master))
            .flatMap(one -> Stream.concat(Stream.of(one.toHandle()), one.descendants()))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
  }
}
