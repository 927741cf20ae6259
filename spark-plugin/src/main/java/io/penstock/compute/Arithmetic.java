package io.penstock.compute;

import io.penstock.Amount;
import io.penstock.Internal;
import io.penstock.device.Processor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kernel libraries, instruction sets and threads that this process computes with. Immutable.
 *
 * @param processor that it runs on
 * @param oneDnn version and instruction set of oneDNN, such as {@code 3.11.0 avx512_core}; empty if
 *     there is none for this platform
 * @param openBlas its version and the kernels that it took, such as {@code 0.3.31 SkylakeX}; empty
 *     if they cannot be told
 * @param threads that a kernel may use
 * @param origin what the choice of the kernels follows from, in words
 */
@Internal
public record Arithmetic(
    Processor processor,
    Optional<String> oneDnn,
    Optional<String> openBlas,
    int threads,
    String origin) {

  /**
   * Reads the libraries of this process, and loads them if they are not: {@link
   * ChosenKernels#choose} comes before.
   *
   * @param threads that a kernel may use
   */
  public static Arithmetic here(int threads) {
    return new Arithmetic(
        Processor.here(),
        LoadedLibraries.oneDnn(),
        LoadedLibraries.openBlas(),
        threads,
        ChosenKernels.origin());
  }

  /** One-line summary, which begins with "computes with". */
  public String line() {
    return "computes with "
        + processor
        + ", "
        + oneDnn.map(told -> "oneDNN " + told).orElse("no oneDNN")
        + ", "
        + openBlas.map(told -> "OpenBLAS " + told).orElse("a BLAS that does not tell its kernels")
        + ", "
        + new Amount(threads, "thread")
        + ", kernels chosen "
        + origin;
  }

  /**
   * Name of everything that the bits of a result depend on: processes of one kind compute the same
   * bits. oneDNN cuts its sums by the sizes of a core's caches and the number of threads; OpenBLAS
   * by its kernels alone.
   */
  public String kind() {
    List<String> parts = new ArrayList<>();
    parts.add(oneDnn.map(told -> "oneDNN " + told).orElse("no oneDNN"));
    parts.add(openBlas.map(told -> "OpenBLAS " + told).orElse(processor.name()));
    parts.add(processor.caches().isEmpty() ? "caches unknown" : "caches " + processor.caches());
    parts.add("threads " + threads);
    return String.join(", ", parts);
  }

  /** Warning of kernels that are slow for this processor, with what to do; empty if none are. */
  public Optional<String> complaint() {
    return Stream.of(
            Optional.ofNullable(
                complaint(openBlas.map(Arithmetic::last), ChosenKernels.openBlas())),
            oneDnn.map(Arithmetic::last).flatMap(this::complaintOfOneDnn))
        .flatMap(Optional::stream)
        .reduce((one, other) -> one + " " + other);
  }

  private Optional<String> complaintOfOneDnn(String set) {
    boolean slow =
        processor.best().oneDnn().isPresent()
            && !set.startsWith("avx2")
            && !set.startsWith("avx512");
    return slow
        ? Optional.of(
            "oneDNN keeps to "
                + set
                + " on "
                + processor
                + ", many times slower than "
                + processor.best()
                + ". Unset ONEDNN_MAX_CPU_ISA and DNNL_MAX_CPU_ISA in the environment in which"
                + " this process is started, or set spark.penstock.compute.isa.")
        : Optional.empty();
  }

  private static String last(String told) {
    return told.substring(told.lastIndexOf(' ') + 1);
  }

  /** Warning of OpenBLAS's kernels; null if they are fast, and those that were wanted. */
  String complaint(Optional<String> took, Optional<String> wanted) {
    Optional<String> best = processor.best().openBlas();
    if (took.isEmpty() || best.isEmpty()) {
      return null;
    }
    boolean slow = !LoadedLibraries.FAST.contains(took.get());
    boolean other = wanted.isPresent() && !wanted.get().equalsIgnoreCase(took.get());
    if (!slow && !other) {
      return null;
    }
    return "OpenBLAS runs its "
        + took.get()
        + " kernels on "
        + processor
        + (slow ? ", many times slower than its " + best.get() + " ones" : "")
        + (other
            ? "; it was to take those for "
                + wanted.get()
                + ", but either does not know them or was loaded before Penstock could tell it"
            : "")
        + ". Set OPENBLAS_CORETYPE="
        + wanted.filter(LoadedLibraries.FAST::contains).orElse(best.get())
        + " in the environment in which this process is started (of executors:"
        + " spark.executorEnv.OPENBLAS_CORETYPE).";
  }
}
