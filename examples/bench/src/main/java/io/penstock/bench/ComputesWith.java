package io.penstock.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/** What figures are of: a processor, and the kernels that the libraries chose for it. */
final class ComputesWith {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private ComputesWith() {}

  /** In a word without spaces: processor, OpenBLAS's kernel, oneDNN's instruction set, threads. */
  static String thisProcess() {
    List<String> words = new ArrayList<>(List.of(processor()));
    OpenBlas blas = new OpenBlas();
    words.add(blas.name() + ":" + blas.kernel());
    OneDnn.load().ifPresent(dnn -> words.add(dnn.name() + ":" + dnn.kernel()));
    words.add("threads:" + System.getenv().getOrDefault("OMP_NUM_THREADS", "all"));
    return String.join(",", words);
  }

  /**
   * Of the executors; where they differ, all that they say with {@code |} between them.
   *
   * @param executors how many there are, with one slot each
   */
  static String executors(JavaSparkContext context, int executors) {
    return context
        .parallelize(IntStream.range(0, executors).boxed().toList(), executors)
        .map(slot -> thisProcess())
        .distinct()
        .collect()
        .stream()
        .sorted()
        .collect(Collectors.joining("|"));
  }

  /** The model of the processor, spaces as underscores; its architecture where no one says it. */
  static String processor() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip().replaceAll("\\s+", "_"))
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException | UncheckedIOException none) {
      return System.getProperty("os.arch");
    }
  }
}
