package io.penstock.docs;

import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.ml.PipelineParallelRegressor;
import io.penstock.ml.PipelineParallelSequenceLearner;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The methods that estimators have, MLlib's among them. */
final class EstimatorMethods {
  static final Set<String> NAMES =
      Stream.of(
              PipelineParallelClassifier.class,
              PipelineParallelRegressor.class,
              PipelineParallelSequenceLearner.class)
          .flatMap(estimator -> Arrays.stream(estimator.getMethods()))
          .map(Method::getName)
          .collect(Collectors.toUnmodifiableSet());

  private EstimatorMethods() {}
}
