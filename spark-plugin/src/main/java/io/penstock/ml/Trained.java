package io.penstock.ml;

import io.penstock.launch.TrainingResult;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** What a model is besides its params: a network with its weights. Immutable. */
final class Trained implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Scorer scorer;
  private final List<String> classNames;
  private final transient TrainingResult training;

  /**
   * @param classNames a name for each class; empty if they have none
   * @param training how it went; null if the model was loaded
   */
  Trained(Scorer scorer, List<String> classNames, TrainingResult training) {
    this.scorer = scorer;
    this.classNames = List.copyOf(classNames);
    this.training = training;
  }

  Scorer scorer() {
    return scorer;
  }

  List<String> classNames() {
    return classNames;
  }

  Optional<TrainingResult> training() {
    return Optional.ofNullable(training);
  }
}
