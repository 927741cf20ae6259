package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Command;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C ends a driver in the middle of a run, and its executors, and leaves no file. */
@Timeout(300)
@Tag("slow")
class InterruptedDriverTest {
  @TempDir Path directory;

  @Test
  void controlCEndsDriverAndExecutors() throws Exception {
    Path local = Files.createDirectory(directory.resolve("local"));
    Path log = directory.resolve("log");
    Process driver = start(log);
    try {
      new Gate(directory.toString()).awaitReached(driver::isAlive);
      List<ProcessHandle> executors = driver.descendants().toList();
      assertTrue(executors.size() >= 2, executors::toString);
      signal(driver);
      driver.waitFor();
      for (ProcessHandle executor : executors) {
        executor.onExit().get();
      }
      try (Stream<Path> files = Files.walk(local)) {
        assertEquals(
            List.of(),
            files.filter(file -> file.getFileName().toString().startsWith("penstock")).toList());
      }
    } finally {
      Command.end(driver);
    }
  }

  private Process start(Path log) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    // What Spark needs of Java 17.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            InterruptedDriver.class.getName(),
            directory.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("SPARK_HOME", directory.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_TESTING", "1");
    return builder.start();
  }

  /** What Ctrl-C sends, or where whoever started the tests has these ignored, what kill sends. */
  private static void signal(Process driver) throws Exception {
    String signal = ignoresInterrupts(driver) ? "-TERM" : "-INT";
    int status =
        Command.run(new ProcessBuilder("kill", signal, Long.toString(driver.pid()))).status();
    assertEquals(0, status);
  }

  private static boolean ignoresInterrupts(Process driver) throws Exception {
    Path status = Path.of("/proc", Long.toString(driver.pid()), "status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
