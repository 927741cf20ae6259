package io.penstock.examples;

import io.penstock.event.EpochCompleted;
import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelClassifier;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a classifier that was trained on several executors takes on one of them: the same network,
 * mini-batches and micro-batches, for a moment.
 *
 * @param several how it went on several
 */
record OneExecutor(PipelineParallelClassifier classifier, TrainingResult several) {
  /** Steps that are enough to tell a rate by. */
  private static final double STEPS = 200;

  /** Time that the comparison may take, if one executor is as slow as it can be. */
  private static final double MOST_SECONDS = 5;

  /** Trains for some epochs; the first of them is to warm up. */
  TrainingResult train(Dataset<Row> rows) {
    PipelineParallelClassifier one =
        classifier
            .copy(ParamMap.empty())
            .setNumStages(1)
            .setSchedule("1f1b")
            .setNumMicroBatches(microBatches())
            .setEpochs(1 + epochs());
    one.clear(one.numVirtualStages());
    one.clear(one.warmUp());
    return one.fit(rows).training().orElseThrow();
  }

  private int microBatches() {
    return several
        .choice()
        .map(choice -> choice.best().request().microBatches())
        .orElse(classifier.getNumMicroBatches());
  }

  private int epochs() {
    EpochCompleted epoch = several.epochs().get(several.epochs().size() - 1);
    double steps = Math.ceil((double) epoch.rows() / classifier.getBatchSize());
    double slowest = several.processes().size() * epoch.seconds();
    double most = Math.max(1, Math.floor(MOST_SECONDS / slowest) - 1);
    return (int) Math.min(Math.ceil(STEPS / steps), most);
  }
}
