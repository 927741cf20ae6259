package io.penstock.ml;

import io.penstock.launch.job.TrainingResult;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** What a model is besides its params: a network with its weights. Immutable. */
final class Trained implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Scorer scorer;
  private final List<String> classNames;
  private final transient TrainingSummary summary;

  /**
   * @param classNames a name for each class; empty if they have none
   * @param summary how it went; null if the model was loaded
   */
  Trained(Scorer scorer, List<String> classNames, TrainingSummary summary) {
    this.scorer = scorer;
    this.classNames = List.copyOf(classNames);
    this.summary = summary;
  }

  Scorer scorer() {
    return scorer;
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
