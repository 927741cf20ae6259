package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.Command;
import io.penstock.testing.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed PTX is what the kernels' sources compile to, for all GPUs that we name. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CompiledKernelsTest {
  private static final Path SOURCES =
      Path.of(System.getProperty("penstock.root"), "spark-plugin/src/main/cuda");
  private static final Path COMMITTED =
      Path.of(
          System.getProperty("penstock.root"),
          "spark-plugin/src/main/resources/io/penstock/compute/cuda");
  private static final int NO_COMPILER = 3;
  private static final Pattern KERNEL = Pattern.compile("^KERNEL\\((\\w+)\\)", Pattern.MULTILINE);

  /** Version of the compiler, which the PTX names in its first lines. */
  private static final Pattern COMPILER = Pattern.compile("release [0-9.]+, V[0-9.]+");

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Path file : SourceFiles.below(folder, ".ptx")) {
      files.put(file.getFileName().toString(), Files.readString(file));
    }
    return files;
  }

  private static String compiler(Map<String, String> files) {
    return files.values().stream()
        .map(COMPILER::matcher)
        .filter(java.util.regex.Matcher::find)
        .map(java.util.regex.Matcher::group)
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  private static String withoutComments(String ptx) {
    return ptx.lines()
        .filter(line -> !line.startsWith("//") && !line.isBlank())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void everyKernelIsInTheCommittedPtxAndInOneFile() throws IOException {
    Map<String, TreeSet<String>> expected = new TreeMap<>();
    for (Path source : SourceFiles.below(SOURCES, ".cu")) {
      TreeSet<String> names = new TreeSet<>();
      KERNEL
          .matcher(Files.readString(source))
          .results()
          .forEach(found -> names.add(found.group(1)));
      expected.put(source.getFileName().toString().replace(".cu", ".ptx"), names);
    }
    Map<String, TreeSet<String>> compiled = new TreeMap<>();
    List<Ptx> all = Ptx.all();
    all.forEach(ptx -> compiled.put(ptx.file(), new TreeSet<>(ptx.parameters().keySet())));
    assertEquals(expected, compiled, "run spark-plugin/src/main/cuda/compile");
    assertEquals(expected.keySet(), files(COMMITTED).keySet());
    assertEquals(
        all.stream().mapToInt(ptx -> ptx.parameters().size()).sum(),
        all.stream().flatMap(ptx -> ptx.parameters().keySet().stream()).distinct().count(),
        "one namespace for all files");
  }

  @Test
  void theCommittedPtxIsWhatTheSourcesCompileTo(@TempDir Path out) throws Exception {
    Command.Outcome outcome =
        Command.run(new ProcessBuilder(SOURCES.resolve("compile").toString(), out.toString()));
    Assumptions.assumeTrue(outcome.status() != NO_COMPILER, outcome::err);
    assertEquals(0, outcome.status(), outcome::err);
    Map<String, String> compiled = files(out);
    Map<String, String> committed = files(COMMITTED);
    assertEquals(committed.keySet(), compiled.keySet());
    Assumptions.assumeTrue(
        compiler(compiled).equals(compiler(committed)),
        () ->
            "All kernels compile; this nvcc is of another version ("
                + compiler(compiled)
                + ") than the one that made the committed PTX ("
                + compiler(committed)
                + "), and may write other PTX");
    committed.forEach(
        (name, ptx) ->
            assertEquals(
                withoutComments(ptx),
                withoutComments(compiled.get(name)),
                name + ": run spark-plugin/src/main/cuda/compile"));
  }

  /** Turing, Ampere, Hopper, with its own instructions too, and Blackwell's three kinds. */
  @ParameterizedTest
  @ValueSource(strings = {"sm_75", "sm_80", "sm_90", "sm_90a", "sm_100", "sm_103", "sm_120"})
  void thePtxIsMachineCodeForEveryGpuSinceTuring(String gpu) throws Exception {
    Toolkit ptxas = Toolkit.of("ptxas");
    Assumptions.assumeTrue(
        ptxas.run("--help").out().contains("'" + gpu + "'"), "This ptxas does not know " + gpu);
    for (Path file : SourceFiles.below(COMMITTED, ".ptx")) {
      Command.Outcome outcome = ptxas.run("-arch=" + gpu, file.toString(), "-o", "/dev/null");
      assertEquals(0, outcome.status(), () -> file + " for " + gpu + ": " + outcome.err());
    }
  }
}
