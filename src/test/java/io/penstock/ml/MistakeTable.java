package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Collects mistakes, a call each: what is wrong, how it is done, what must be said of it. */
final class MistakeTable {
  private final List<Mistake> mistakes = new ArrayList<>();

  List<Mistake> mistakes() {
    return List.copyOf(mistakes);
  }

  MistakeTable attempt(String name, Mistake.Attempt attempt, String... words) {
    mistakes.add(new Mistake(name, attempt, List.of(words)));
    return this;
  }

  /** The same mistake in a fit of every estimator. */
  MistakeTable everywhere(
      String name, Consumer<PipelineParallelEstimator<?>> change, String... words) {
    for (Subject subject : Subject.values()) {
      fit(subject, name, change, words);
    }
    return this;
  }

  private void fit(
      Subject subject,
      String name,
      Consumer<PipelineParallelEstimator<?>> change,
      String... words) {
    attempt(
        subject.title() + ": " + name,
        bench -> {
          PipelineParallelEstimator<?> estimator = subject.estimator();
          change.accept(estimator);
          subject.fit(estimator, bench.rows(subject));
        },
        words);
  }

  MistakeTable classifier(
      String name, Consumer<PipelineParallelClassifier> change, String... words) {
    fit(Subject.CLASSIFIER, name, it -> change.accept((PipelineParallelClassifier) it), words);
    return this;
  }

  MistakeTable regressor(String name, Consumer<PipelineParallelRegressor> change, String... words) {
    fit(Subject.REGRESSOR, name, it -> change.accept((PipelineParallelRegressor) it), words);
    return this;
  }

  MistakeTable learner(
      String name, Consumer<PipelineParallelSequenceLearner> change, String... words) {
    fit(Subject.LEARNER, name, it -> change.accept((PipelineParallelSequenceLearner) it), words);
    return this;
  }

  /** A fit to rows that are changed. */
  MistakeTable rows(
      Subject subject, String name, UnaryOperator<Dataset<Row>> change, String... words) {
    return attempt(
        subject.title() + ": " + name,
        bench -> subject.fit(subject.estimator(), change.apply(bench.rows(subject))),
        words);
  }

  /** A fit to rows of which a column is replaced by an SQL expression. */
  MistakeTable column(Subject subject, String name, String column, String sql, String... words) {
    return rows(subject, name, rows -> rows.withColumn(column, expr(sql)), words);
  }

  /** The transform of changed rows by a model whose params are changed, up to all its answers. */
  MistakeTable transform(
      Subject subject,
      String name,
      Consumer<PipelineParallelModel<?>> change,
      UnaryOperator<Dataset<Row>> rows,
      String... words) {
    return attempt(
        subject.title() + "'s model: " + name,
        bench -> {
          PipelineParallelModel<?> model = bench.model(subject);
          change.accept(model);
          ((Model<?>) model).transform(rows.apply(bench.rows(subject))).collectAsList();
        },
        words);
  }

  /** The same with a column that is replaced. */
  MistakeTable transform(Subject subject, String name, String column, String sql, String... words) {
    return transform(subject, name, model -> {}, rows -> rows.withColumn(column, expr(sql)), words);
  }
}
