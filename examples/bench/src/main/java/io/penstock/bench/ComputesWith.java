package io.penstock.bench;

import io.penstock.compute.Arithmetic;
import io.penstock.device.Processor;
import io.penstock.launch.cluster.NativeRuntime;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** What figures are of: a processor, and the kernels that the libraries chose for it. */
final class ComputesWith {
  private ComputesWith() {}

  /** What Penstock says of this process, in a word without spaces. */
  static String thisProcess() {
    NativeRuntime.chooseKernels();
    String threads = System.getenv().getOrDefault("OMP_NUM_THREADS", "");
    int count =
        threads.matches("[1-9]\\d*")
            ? Integer.parseInt(threads)
            : Runtime.getRuntime().availableProcessors();
    return word(Arithmetic.here(count).line().replaceFirst("^computes with ", ""));
  }

  private static String word(String text) {
    return text.strip().replaceAll(",?\\s+", "_");
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

  /** The processor alone. */
  static String processor() {
    return word(Processor.here().toString());
  }
}
