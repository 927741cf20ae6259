package io.penstock.launch.cluster;

import java.util.List;

/**
 * What the check before a job finds. Immutable.
 *
 * @param problems everything that is wrong with the cluster, each with what to do; empty if nothing
 *     is
 * @param devices what the stages compute on, in words: GPUs, or the CPU and why
 * @param arithmetic what the processes compute with, in words: their processors and kernels
 */
public record Findings(List<String> problems, String devices, String arithmetic) {
  /** Copies the list. */
  public Findings {
    problems = List.copyOf(problems);
  }
}
