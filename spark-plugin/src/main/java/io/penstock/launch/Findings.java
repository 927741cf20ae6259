package io.penstock.launch;

import java.util.List;

/**
 * What the check before a job finds. Immutable.
 *
 * @param complaints everything that is wrong with the cluster, each with what to do; empty if
 *     nothing is
 * @param devices what the stages compute on, in words: GPUs, or the CPU and why
 */
public record Findings(List<String> complaints, String devices) {
  /** Copies the list. */
  public Findings {
    complaints = List.copyOf(complaints);
  }
}
