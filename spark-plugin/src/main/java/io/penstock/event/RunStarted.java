package io.penstock.event;

import io.penstock.Amount;
import io.penstock.launch.job.TrainingJob;
import java.util.List;
import java.util.Locale;

/**
 * Event: a run begins, with its plan. Immutable. Executors may still be awaited.
 *
 * @param runId the run, among those of the application
 * @param time when it happened, in milliseconds since 1970
 * @param name the uid of the estimator that is fitted; empty for a {@link TrainingJob} of one's own
 * @param schedule its name, such as {@code 1f1b}
 * @param stages first to last
 * @param ranks executors that the stages of all replicas are to lie on
 * @param replicas of all stages; 0 in event logs of before there were any, which is as 1
 * @param microBatches of a mini-batch
 * @param batchSize rows of a mini-batch
 * @param epochs planned epochs, of which early stopping may leave some out
 * @param seed keys the initial weights and the order of the rows
 * @param forecast step time, bubble and advice by simulation
 */
public record RunStarted(
    String runId,
    long time,
    String name,
    String schedule,
    List<StagePlan> stages,
    int ranks,
    int replicas,
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

  /** Returns the plan in words: schedule, stages, executors. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "%s, %s%s on %s",
        schedule,
        replicas > 1 ? new Amount(replicas, "replica") + " of " : "",
        new Amount(stages.size(), "stage"),
        new Amount(ranks, "executor"));
  }

  /** Returns the parameters of all layers. */
  public long parameters() {
    return stages.stream().mapToLong(StagePlan::parameters).sum();
  }
}
