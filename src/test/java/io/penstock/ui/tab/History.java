package io.penstock.ui.tab;

import io.penstock.testing.Command;
import io.penstock.testing.Lines;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.history.FsHistoryProvider;
import org.apache.spark.deploy.history.HistoryServer;
import org.apache.spark.deploy.history.HistoryServer$;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Spark's history server as a process of its own, on a free port, with Penstock but without ND4J on
 * its class path, as an administrator would set it up.
 */
final class History implements AutoCloseable {
  private static final String PORT = "bound to port ";

  private final Process process;
  private final int port;

  /**
   * @param log the directory of event logs
   */
  History(Path log) throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("nd4j") && !entry.contains("bytedeco"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dspark.history.fs.logDirectory=" + log.toUri());
    command.add("-Dspark.history.fs.update.interval=1s");
    command.addAll(List.of("-cp", classPath, History.class.getName()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      Lines said = new Lines(process.getInputStream());
      port = Integer.parseInt(said.next(Pattern.compile("^" + PORT + "(\\d+)")).group(1));
    } catch (Exception noPort) {
      Command.end(process);
      throw noPort;
    }
  }

  /** What the process does; it ends with its input. */
  public static void main(String[] none) throws Exception {
    SparkConf conf = new SparkConf();
    FsHistoryProvider provider = new FsHistoryProvider(conf);
    HistoryServer server =
        new HistoryServer(conf, provider, HistoryServer$.MODULE$.createSecurityManager(conf), 0);
    server.bind();
    provider.start();
    System.out.println(PORT + server.boundPort());
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  String address(String path) {
    return "http://localhost:" + port + path;
  }

  /** Returns where an application's pages are, when the server has found it. */
  String pages(String applicationId) throws Exception {
    while (!Watched.get(address("/api/v1/applications")).body().contains(applicationId)) {
      Thread.sleep(100);
    }
    return address("/history/" + applicationId);
  }

  @Override
  public void close() throws Exception {
    process.getOutputStream().close();
    try {
      process.waitFor();
    } finally {
      Command.end(process);
    }
  }
}
