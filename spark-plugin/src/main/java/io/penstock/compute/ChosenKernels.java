package io.penstock.compute;

import io.penstock.Internal;
import io.penstock.device.InstructionSet;
import io.penstock.device.Processor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Process-wide choice of the kernels' instruction set, which stands once its libraries are loaded:
 * they look at the environment once. Whatever may be first to load one calls {@link #choose}
 * before. Like ND4J's backend it is a matter of the whole process, and stands in a system property.
 * Thread-safe.
 */
@Internal
public final class ChosenKernels {
  private static final String CHOSEN = "io.penstock.kernels";
  private static final String ORIGIN = "io.penstock.kernels.origin";
  private static final String OPENBLAS = "io.penstock.kernels.openblas";
  private static final String AUTO = "auto";
  private static final List<String> THREADS = List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS");

  private ChosenKernels() {}

  /**
   * Chooses kernels for the process, unless some are chosen already, and then loads OpenBLAS, for
   * Spark's own linear algebra to share it: {@link SharedBlas}.
   *
   * @param asked what all processes of the application are to take; empty for the best of each
   * @param threads that one task's kernels may use, where the environment does not say: each of the
   *     libraries would start one for every core, and those of several tasks fight for them
   * @return why it could not be had as asked, with what to do; empty if nothing is in the way
   * @throws IllegalArgumentException if the processor does not have what is asked for
   */
  public static Optional<String> choose(Optional<InstructionSet> asked, int threads) {
    String wanted = asked.map(InstructionSet::toString).orElse(AUTO);
    synchronized (ChosenKernels.class) {
      String chosen = System.getProperty(CHOSEN);
      if (chosen != null) {
        return chosen.equals(wanted) ? Optional.empty() : Optional.of(tooLate(wanted, chosen));
      }
      Map<String, String> environment = System.getenv();
      KernelChoice choice = KernelChoice.of(Processor.here(), asked, environment);
      Optional<String> trouble = set(choice, threads, environment);
      System.setProperty(CHOSEN, wanted);
      System.setProperty(ORIGIN, trouble.isEmpty() ? choice.origin() : "by the libraries");
      choice.openBlas().ifPresent(name -> System.setProperty(OPENBLAS, name));
      SharedBlas.share();
      return trouble;
    }
  }

  /**
   * Checks that the processor here has what is asked for; chooses nothing.
   *
   * @throws IllegalArgumentException if it does not, with what it has
   */
  public static void check(Optional<InstructionSet> asked) {
    KernelChoice.of(Processor.here(), asked, Map.of());
  }

  private static Optional<String> set(
      KernelChoice choice, int threads, Map<String, String> environment) {
    Map<String, String> wanted = new TreeMap<>(choice.variables());
    for (String variable : THREADS) {
      if (environment.getOrDefault(variable, "").isBlank()) {
        wanted.put(variable, Integer.toString(threads));
      }
    }
    if (environment.entrySet().containsAll(wanted.entrySet())) {
      return Optional.empty();
    }
    try {
      NativeEnvironment.set(wanted);
      return Optional.empty();
    } catch (IllegalStateException | LinkageError cannot) {
      return Optional.of(
          "The kernels of this process cannot be chosen ("
              + cannot.getMessage()
              + "), so the libraries take what they know the processor by. Set "
              + wanted
              + " in the environment in which it is started (spark.executorEnv.…).");
    }
  }

  private static String tooLate(String wanted, String chosen) {
    return "spark.penstock.compute.isa is "
        + wanted
        + ", but this process took its kernels when it was "
        + chosen
        + ", and keeps them until it ends. Start a new process (on local masters the driver's own)"
        + " to change them.";
  }

  /** Origin of the choice, in words. */
  static String origin() {
    return System.getProperty(ORIGIN, "by the libraries");
  }

  /** The kernels that OpenBLAS was to take; empty if it was to choose. */
  static Optional<String> openBlas() {
    return Optional.ofNullable(System.getProperty(OPENBLAS));
  }
}
