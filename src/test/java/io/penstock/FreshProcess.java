package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.Command;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A main class in a process of its own, whose environment says nothing of kernels. */
public final class FreshProcess {
  private static final String MARK = "TOLD ";

  private FreshProcess() {}

  /** Called there: tells whoever waits. */
  public static void tell(String words) {
    System.out.println(MARK + words);
  }

  /** Runs it to its end, which must be a good one, and returns what it has told. */
  public static List<String> run(
      Class<?> mainClass, Map<String, String> environment, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC");
    // What Spark needs of Java 17.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(builder.command()::add);
    builder
        .command()
        .addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
    builder.command().addAll(List.of(arguments));
    List.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "OPENBLAS_CORETYPE")
        .forEach(builder.environment()::remove);
    builder.environment().putAll(environment);
    Command.Outcome outcome = Command.run(builder);
    assertEquals(0, outcome.status(), outcome::err);
    return outcome
        .out()
        .lines()
        .filter(line -> line.startsWith(MARK))
        .map(line -> line.substring(MARK.length()))
        .toList();
  }
}
