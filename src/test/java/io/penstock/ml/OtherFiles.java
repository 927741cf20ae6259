package io.penstock.ml;

import static io.penstock.ml.BadFiles.estimator;
import static io.penstock.ml.BadFiles.model;
import static io.penstock.ml.Subject.CLASSIFIER;
import static io.penstock.ml.Subject.LEARNER;
import static io.penstock.ml.Subject.REGRESSOR;

/** Directories that hold a whole estimator or model, but not the one that is asked for. */
final class OtherFiles {
  private OtherFiles() {}

  /** They are taken away in the end, for they do load. */
  static void addTo(MistakeTable table) {
    wrongClass(table, CLASSIFIER, REGRESSOR, "PipelineParallelClassificationModel");
    wrongClass(table, REGRESSOR, LEARNER, "PipelineParallelRegressionModel");
    wrongClass(table, LEARNER, CLASSIFIER, "PipelineParallelSequenceModel");
    table
        .attempt(
            "classifier: an estimator of another class",
            bench ->
                whileItIsThere(
                    bench,
                    () -> {
                      REGRESSOR.estimator().write().save(bench.place().toString());
                      estimator(CLASSIFIER).load(bench.place().toString());
                    }),
            "PipelineParallelRegressor, not a PipelineParallelClassifier",
            "Load it with PipelineParallelRegressor.load")
        .attempt(
            "classifier: a model in place of an estimator",
            bench ->
                whileItIsThere(
                    bench, () -> estimator(CLASSIFIER).load(bench.saved(CLASSIFIER).toString())),
            "PipelineParallelClassificationModel, not a PipelineParallelClassifier",
            "Load it with PipelineParallelClassificationModel.load")
        .attempt(
            "classifier: saving over what is there",
            bench ->
                whileItIsThere(
                    bench,
                    () -> {
                      String path = bench.saved(CLASSIFIER).toString();
                      bench.model(CLASSIFIER).write().save(path);
                    }),
            "already exists",
            "overwrite");
  }

  private static void wrongClass(MistakeTable table, Subject as, Subject saved, String wanted) {
    table.attempt(
        as.title() + "'s model: a model of another class",
        bench -> whileItIsThere(bench, () -> model(as).load(bench.saved(saved).toString())),
        "place-",
        "not a " + wanted,
        "Load it with ");
  }

  interface Act {
    void run() throws Exception;
  }

  private static void whileItIsThere(Bench bench, Act act) throws Exception {
    try {
      act.run();
    } finally {
      bench.nextPlace();
    }
  }
}
