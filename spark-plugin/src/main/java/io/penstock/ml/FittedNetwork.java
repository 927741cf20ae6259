package io.penstock.ml;

import io.penstock.launch.job.TrainingResult;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Network of a fitted model: its layers with their weights, the names of its classes and how its
 * training went. {@link PipelineParallelModel} tells all of it: {@link
 * PipelineParallelModel#describe}, {@link PipelineParallelModel#parameters}, {@link
 * PipelineParallelModel#summary}.
 *
 * <p>The type is public and has no public member. Each model extends a class of MLlib's, so what
 * models share is in interfaces, whose methods Java makes public: {@link
 * PipelineParallelModel#fittedNetwork} is one, and its type must be one that a user's compiler
 * knows. Nothing can be made of it, and nothing read from it, outside this package.
 *
 * <p>Immutable and thread-safe; it travels to the executors without its summary.
 */
public final class FittedNetwork implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Scorer scorer;
  private final List<String> classNames;
  private final transient TrainingSummary summary;

  /**
   * @param classNames a name for each class; empty if they have none
   * @param summary how it went; null if the model was loaded
   */
  FittedNetwork(Scorer scorer, List<String> classNames, TrainingSummary summary) {
    this.scorer = scorer;
    this.classNames = List.copyOf(classNames);
    this.summary = summary;
  }

  Scorer scorer() {
    return scorer;
  }

  /** The network without its weights, for tasks that have those from elsewhere. */
  FittedNetwork withoutWeights() {
    return new FittedNetwork(scorer.withoutWeights(), classNames, null);
  }

  List<String> classNames() {
    return classNames;
  }

  Optional<TrainingSummary> summary() {
    return Optional.ofNullable(summary);
  }

  Optional<TrainingResult> training() {
    return summary().map(TrainingSummary::result);
  }
}
