package io.penstock.docs;

import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.ml.PipelineParallelRegressionModel;
import io.penstock.ml.PipelineParallelRegressor;
import io.penstock.ml.PipelineParallelSequenceLearner;
import io.penstock.ml.PipelineParallelSequenceModel;
import io.penstock.testing.Page;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;

/** Setters, wherever one stands in a line: an estimator, a model or Spark's context has them. */
final class Setters {
  private static final Pattern SETTER = Pattern.compile("\\bset[A-Z]\\w*");

  private static final Set<String> NAMES =
      Stream.of(
              PipelineParallelClassifier.class,
              PipelineParallelClassificationModel.class,
              PipelineParallelRegressor.class,
              PipelineParallelRegressionModel.class,
              PipelineParallelSequenceLearner.class,
              PipelineParallelSequenceModel.class,
              SparkContext.class)
          .flatMap(type -> Arrays.stream(type.getMethods()))
          .map(Method::getName)
          .collect(Collectors.toUnmodifiableSet());

  private Setters() {}

  /** Tells which setters in a text nobody has. */
  static List<String> complaints(Page.Span span) {
    return SETTER
        .matcher(span.text())
        .results()
        .map(setter -> setter.group())
        .distinct()
        .filter(setter -> !NAMES.contains(setter))
        .map(setter -> span.complaint("no estimator or model has a method " + setter))
        .toList();
  }
}
