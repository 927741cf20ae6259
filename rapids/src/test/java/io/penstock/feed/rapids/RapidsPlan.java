package io.penstock.feed.rapids;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the RAPIDS Accelerator says of one query, as it logs it: a line for every operator and every
 * expression, indented as they are nested, and a blank one at the end. A line begins with {@code *}
 * for what would run on the GPU, with {@code !} for what would not, {@code @} for what would but
 * for an operator above it, and {@code ^} for an expression for which the values go to the CPU and
 * back.
 *
 * @param lines without their indentation
 */
record RapidsPlan(List<String> lines) {
  private static final Pattern ON_GPU =
      Pattern.compile("\\*(?:Exec|Output) <(\\w+)> .*will run on GPU");

  /** All that a log holds, in its order. */
  static List<RapidsPlan> allIn(List<String> log) {
    List<RapidsPlan> plans = new ArrayList<>();
    List<String> lines = null;
    for (String line : log) {
      if (line.contains("GpuOverrides")) {
        lines = new ArrayList<>();
        plans.add(new RapidsPlan(lines));
      } else if (line.isBlank()) {
        lines = null;
      } else if (lines != null) {
        lines.add(line.strip());
      }
    }
    return plans;
  }

  /** What would not run on the GPU, and why; empty where all would. */
  List<String> offGpu() {
    return lines.stream()
        .filter(line -> !line.startsWith("*") || !line.endsWith("will run on GPU"))
        .toList();
  }

  /** The operators that would run on it, without their expressions: FilterExec, ProjectExec. */
  List<String> onGpu() {
    return lines.stream()
        .map(ON_GPU::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1))
        .toList();
  }
}
