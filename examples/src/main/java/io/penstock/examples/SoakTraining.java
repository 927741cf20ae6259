package io.penstock.examples;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sin;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.job.RunOptions;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.job.TrainingResult;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The training of the soak: a small network with dropout and an optimizer with a state, on rows
 * that are made up, so that a run that goes on wrongly ends with other bits.
 *
 * @param options of the soak
 * @param rows to train on
 */
record SoakTraining(Options options, Dataset<Row> rows) {
  private static final int FEATURES = 16;
  private static final int WIDTH = 64;
  private static final int CLASSES = 10;
  private static final int BATCH = 32;
  private static final int ROWS = 2048;
  private static final int MICRO_BATCHES = 4;

  static SoakTraining of(Options options, SparkSession spark) {
    return new SoakTraining(options, rows(spark));
  }

  private static Dataset<Row> rows(SparkSession spark) {
    Column[] features =
        IntStream.range(0, FEATURES)
            .mapToObj(i -> sin(col("id").multiply(lit(i + 1))).cast("float"))
            .toArray(Column[]::new);
    return spark
        .range(0, ROWS, 1, 2)
        .select(
            array(features).as("features"),
            pmod(col("id"), lit(CLASSES)).cast("double").as("label"));
  }

  TrainingPlan plan(String schedule, int stages) {
    int layers = options.count("stages");
    NetworkBuilder network = Sequential.input(FEATURES);
    for (int layer = 1; layer < layers; layer++) {
      network.dense(WIDTH, Activation.TANH).dropout(0.1);
    }
    int each = 3; // layers
    return new TrainingPlan(
        network.dense(CLASSES).loss(Losses.softmaxCrossEntropy()).build().toJson(),
        Updater.adam(0.001).toJson(),
        IntStream.range(0, stages).mapToObj(stage -> each * stage).toList(),
        TrainingPlan.lowerAndVerify(Schedules.generate(schedule, stages, MICRO_BATCHES)),
        BATCH,
        options.count("epochs"),
        options.count("seed"));
  }

  TrainingResult train(TrainingPlan plan, RunOptions how) {
    return TrainingJob.run(
        rows,
        FeatureColumns.of(rows, List.of("features"), "label"),
        LabelKind.classId(CLASSES),
        plan,
        how);
  }
}
