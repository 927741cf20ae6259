package io.penstock.compute;

import io.penstock.device.InstructionSet;
import io.penstock.device.Processor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Kernel choice of a process as variables of its environment, which is all that OpenBLAS and both
 * copies of oneDNN (one lies inside ND4J's library) look at. Immutable.
 *
 * @param variables what the environment is to hold when the libraries load
 * @param openBlas the kernels that OpenBLAS will then have; empty where it chooses itself
 * @param origin of the choice, in words
 */
record KernelChoice(Map<String, String> variables, Optional<String> openBlas, String origin) {
  private static final String OPENBLAS = "OPENBLAS_CORETYPE";

  /** Newer and older versions of oneDNN read the one or the other. */
  private static final List<String> ONEDNN = List.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA");

  KernelChoice {
    variables = Map.copyOf(variables);
  }

  /**
   * Chooses kernels: what is asked for goes over what the environment says, and that over what
   * follows from the processor.
   *
   * @param asked what all processes of the application are to take; empty for the best of each
   * @param environment the process's, as it was started with
   * @throws IllegalArgumentException if the processor does not have what is asked for
   */
  static KernelChoice of(
      Processor processor, Optional<InstructionSet> asked, Map<String, String> environment) {
    asked.ifPresent(set -> check(processor, set));
    InstructionSet set = asked.orElse(processor.best());
    Map<String, String> own = new TreeMap<>();
    set.oneDnn().ifPresent(name -> ONEDNN.forEach(variable -> own.put(variable, name)));
    set.openBlas().ifPresent(name -> own.put(OPENBLAS, name));
    if (asked.isPresent()) {
      return new KernelChoice(
          own, set.openBlas(), "by spark.penstock.compute.isa=" + set + over(own, environment));
    }
    List<String> given = new ArrayList<>();
    for (String variable : ONEDNN) {
      if (says(environment, variable)) {
        given.add(variable);
        own.keySet().removeAll(ONEDNN);
      }
    }
    if (says(environment, OPENBLAS)) {
      given.add(OPENBLAS);
      own.remove(OPENBLAS);
    }
    String rest = set == InstructionSet.OTHER ? "by the libraries" : "by the processor's class";
    return new KernelChoice(
        own,
        Optional.ofNullable(own.getOrDefault(OPENBLAS, environment.get(OPENBLAS)))
            .filter(name -> !name.isBlank()),
        given.isEmpty()
            ? rest
            : "by "
                + String.join(" and ", given)
                + " of the environment"
                + (own.isEmpty() ? "" : ", else " + rest));
  }

  /** Returns whether a variable is set; one that is there and empty says nothing. */
  private static boolean says(Map<String, String> environment, String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
  }

  private static void check(Processor processor, InstructionSet asked) {
    if (!processor.has(asked)) {
      throw new IllegalArgumentException(
          "spark.penstock.compute.isa is "
              + asked
              + ", but the processor here, "
              + processor.name()
              + ", has "
              + (processor.best() == InstructionSet.OTHER
                  ? "neither avx512 nor avx2 (or this is not Linux, where that can be told). Set"
                      + " auto."
                  : "only " + processor.best() + ". Set " + processor.best() + " or auto."));
    }
  }

  private static String over(Map<String, String> own, Map<String, String> environment) {
    List<String> overruled =
        own.keySet().stream()
            .filter(variable -> environment.containsKey(variable))
            .filter(variable -> !own.get(variable).equalsIgnoreCase(environment.get(variable)))
            .toList();
    return overruled.isEmpty()
        ? ""
        : ", over " + String.join(" and ", overruled) + " of the environment";
  }
}
