package io.penstock.launch.job;

import io.penstock.Internal;
import io.penstock.train.LinkTime;
import java.util.List;

/**
 * Costs measured by a short profile on the executors: layers, link and memory. Immutable.
 *
 * @param executors by rank of the profile, at least one
 * @param link cost of a frame between the first two executors; 0 where there is one only
 * @param memoryBytes off-heap memory that an executor may use
 */
@Internal
public record MeasuredCosts(List<MeasuredExecutor> executors, LinkTime link, long memoryBytes) {
  /** Copies the list. */
  public MeasuredCosts {
    executors = List.copyOf(executors);
  }

  /** Returns whether executors are of several models, on which layers take other times. */
  public boolean isUneven() {
    return executors.stream().map(MeasuredExecutor::model).distinct().count() > 1;
  }
}
