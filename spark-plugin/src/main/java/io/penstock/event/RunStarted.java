package io.penstock.event;

import io.penstock.launch.job.TrainingJob;
import java.util.List;

/**
 * A run begins: its plan. Executors may still be awaited.
 *
 * @param name the uid of the estimator that is fitted; empty for a {@link TrainingJob} of one's own
 * @param schedule its name, such as {@code 1f1b}
 * @param stages first to last
 * @param ranks executors that the stages are to lie on
 * @param microBatches of a mini-batch
 * @param batchSize rows of a mini-batch
 * @param epochs how many there will be at most
 * @param seed keys the initial weights and the order of the rows
 * @param forecast what it is expected to take
 */
public record RunStarted(
    String runId,
    long time,
    String name,
    String schedule,
    List<StagePlan> stages,
    int ranks,
    int microBatches,
    int batchSize,
    int epochs,
    long seed,
    Forecast forecast)
    implements RunEvent {
  /** Copies the list. */
  public RunStarted {
    stages = List.copyOf(stages);
  }

  /** Returns the parameters of all layers. */
  public long parameters() {
    return stages.stream().mapToLong(StagePlan::parameters).sum();
  }
}
