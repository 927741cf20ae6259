package io.penstock.launch.job;

import io.penstock.FakeTool;
import io.penstock.conf.Settings;
import io.penstock.launch.cluster.GpuScriptTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/** A master and a worker of Spark's, processes of their own, out of the tests' own jars. */
public final class StandaloneCluster implements AutoCloseable {
  private static final Pattern STARTED = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final String LOG =
      """
      rootLogger.level = info
      rootLogger.appenderRef.console.ref = console
      appender.console.type = Console
      appender.console.name = console
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = %p %c{1}: %m%n
      """;

  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  /**
   * Starts both.
   *
   * @param directory for their logs and work
   * @param cores that the worker has
   * @param workerOptions system properties of the worker, such as its GPUs
   */
  public StandaloneCluster(Path directory, int cores, String... workerOptions)
      throws IOException, InterruptedException {
    this("localhost", directory, cores, workerOptions);
  }

  /**
   * One whose worker, and so its executors, listen on one address.
   *
   * @param host that address, or a name of it
   */
  public StandaloneCluster(String host, Path directory, int cores, String... workerOptions)
      throws IOException, InterruptedException {
    this.directory = directory;
    Files.writeString(directory.resolve("log4j2.properties"), LOG);
    try {
      Path log =
          start(
              "Master",
              "Master",
              List.of(),
              "--host",
              "localhost",
              "--port",
              "0",
              "--webui-port",
              "0");
      master = awaitLine(log, STARTED);
      addWorker(host, "Worker", cores, workerOptions);
    } catch (IOException | InterruptedException incomplete) {
      close();
      throw incomplete;
    }
  }

  /** Starts another worker, and returns its process, whose children are its executors. */
  Process addWorker(int cores) throws IOException {
    addWorker("localhost", "Worker-" + processes.size(), cores);
    return processes.get(processes.size() - 1);
  }

  private void addWorker(String host, String name, int cores, String... workerOptions)
      throws IOException {
    start(
        "Worker",
        name,
        Arrays.asList(workerOptions),
        "--host",
        host,
        "--port",
        "0",
        "--webui-port",
        "0",
        "--cores",
        Integer.toString(cores),
        "--memory",
        "4g",
        "--work-dir",
        directory.resolve("work").toString(),
        master);
  }

  /**
   * One whose worker says by our discovery script, and a tool that only says so, that it has GPUs.
   */
  public static StandaloneCluster withGpus(Path directory, int cores, int gpus)
      throws IOException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (int gpu = 0; gpu < gpus; gpu++) {
      lines.append(gpu).append(", GPU-").append(gpu).append("c1e\\n");
    }
    Path tool = FakeTool.in(directory, "fake-smi", "printf '" + lines + "'");
    Path script =
        FakeTool.in(directory, "discover", "NVIDIA_SMI=" + tool + " exec " + GpuScriptTest.SCRIPT);
    return new StandaloneCluster(
        directory,
        cores,
        "-Dspark.worker.resource.gpu.amount=" + gpus,
        "-Dspark.worker.resource.gpu.discoveryScript=" + script);
  }

  /** Where the master is reached. */
  public String master() {
    return master;
  }

  /** A builder of a session with two executors of two cores and one GPU each. */
  public SparkSession.Builder session() {
    return Executors.of(2, 2)
        .master(master)
        .config("spark.executor.cores", "2")
        .config("spark.cores.max", "4")
        .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
        .config("spark.executor.resource.gpu.amount", "1")
        .config(Settings.BACKEND.key(), "auto")
        .config(Settings.NVIDIA_SMI.key(), directory.resolve("no-driver").toString());
  }

  private Path start(String daemon, String name, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dlog4j2.configurationFile=" + directory.resolve("log4j2.properties"),
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(List.of("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"));
    command.addAll(List.of("--add-opens=java.base/java.nio=ALL-UNNAMED"));
    command.addAll(List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"));
    command.addAll(List.of("--add-opens=java.base/java.util=ALL-UNNAMED"));
    command.addAll(options);
    command.add("org.apache.spark.deploy." + daemon.toLowerCase(Locale.ROOT) + "." + daemon);
    command.addAll(Arrays.asList(arguments));
    Path log = directory.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // The launcher of executors looks for a Spark installation unless told that there is none.
    builder.environment().put("SPARK_HOME", directory.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_TESTING", "1");
    processes.add(builder.start());
    return log;
  }

  private String awaitLine(Path log, Pattern pattern) throws IOException, InterruptedException {
    while (processes.get(0).isAlive()) {
      if (Files.exists(log)) {
        try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.UTF_8)) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
              return matcher.group(1);
            }
          }
        }
      }
      Thread.sleep(20);
    }
    throw new IOException("The master has ended: " + Files.readString(log));
  }

  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      process.destroy(); // the worker ends its executors
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException interrupted) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
