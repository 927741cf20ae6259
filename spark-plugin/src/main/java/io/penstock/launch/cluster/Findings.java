package io.penstock.launch.cluster;

import java.util.List;

/**
 * Findings of the check before a job: problems, devices and arithmetic. Immutable.
 *
 * @param problems everything that is wrong with the cluster, each with what to do; empty if nothing
 *     is
 * @param devices of the stages, in words: GPUs, or the CPU and why
 * @param arithmetic of the processes, in words: their processors and kernels
 */
public record Findings(List<String> problems, String devices, String arithmetic) {
  /** Copies the list. */
  public Findings {
    problems = List.copyOf(problems);
  }
}
