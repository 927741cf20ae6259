package io.penstock.ui.tab;

import io.penstock.event.EpochCompleted;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.ValidationColumn;
import io.penstock.launch.job.Checkpoints;
import io.penstock.launch.job.RunOptions;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.job.TrainingResult;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A run that stands still after an epoch until it is let go, however long somebody looks at it: its
 * checkpoint of the epoch before is not complete before, and the next one waits for that. Closing
 * it lets it go.
 */
public final class HeldRun implements AutoCloseable {
  public static final int EPOCHS = 12;

  /** The epoch, from 1, that it stands still after. */
  public static final int HELD_AFTER = 8;

  /** In the name of the checkpoint of the epoch before: an epoch has four steps. */
  private static final String BEFORE = "step-0000" + 4 * (HELD_AFTER - 1) + "-";

  private static final int WIDTH = 512;
  private static final int CLASSES = 4;

  private final CountDownLatch there = new CountDownLatch(1);
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final CompletableFuture<TrainingResult> result = new CompletableFuture<>();

  /**
   * Starts it, and returns when it stands still.
   *
   * @param directory for its checkpoints
   * @param name what people know it by
   */
  public HeldRun(SparkSession spark, Path directory, String name) throws Exception {
    this(spark, directory, name, plan());
  }

  /**
   * The same with a plan of one's own, of four stages.
   *
   * @param plan as {@link #plan(String, int, int)} makes it
   */
  HeldRun(SparkSession spark, Path directory, String name, TrainingPlan plan) throws Exception {
    Checkpoints held = new Checkpoints(directory.toUri().toString(), 1, true, this::standStill);
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof EpochCompleted done && done.epoch() == HELD_AFTER - 1) {
                  there.countDown();
                }
              }
            });
    Thread thread = new Thread(() -> run(spark, held, name, plan), "held-run");
    thread.setDaemon(true);
    thread.start();
    there.await();
    if (result.isDone()) {
      result.get(); // it has failed
    }
    // What the run has told so far is on the page when the bus has passed it on.
    spark.sparkContext().listenerBus().waitUntilEmpty();
  }

  private void standStill(String checkpoint) {
    if (!checkpoint.contains(BEFORE)) {
      return;
    }
    try {
      letGo.await();
    } catch (InterruptedException cause) {
      throw new IllegalStateException(cause);
    }
  }

  private void run(SparkSession spark, Checkpoints held, String name, TrainingPlan plan) {
    try {
      Dataset<Row> rows = rows(spark);
      RunOptions options =
          RunOptions.NONE
              .withName(name)
              .withValidation(ValidationColumn.of(rows.schema(), "held"))
              .withCheckpoints(held);
      FeatureColumns columns = FeatureColumns.of(rows, List.of("features"), "label");
      result.complete(TrainingJob.run(rows, columns, LabelKind.classId(CLASSES), plan, options));
    } catch (Throwable cause) {
      result.completeExceptionally(cause);
      there.countDown();
    }
  }

  private static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(0, 2560, 1, 2)
        .selectExpr(
            "id",
            "cast(id % 4 as double) label",
            "transform(sequence(1, 64), i -> float(3 * sin(id * i * i) + int(i % 4 = id % 4)))"
                + " features",
            "id % 5 = 0 held");
  }

  public static TrainingPlan plan() {
    return plan("1f1b", 4, WIDTH);
  }

  /**
   * A plan of four stages and eight micro-batches.
   *
   * @param ranks 4 with one stage each, or 2 with two
   * @param width of the hidden layers
   */
  static TrainingPlan plan(String schedule, int ranks, int width) {
    Sequential network =
        Sequential.input(64)
            .dense(width, Activation.RELU)
            .dense(width, Activation.RELU)
            .dense(width, Activation.RELU)
            .layerNorm()
            .dense(width, Activation.RELU)
            .dropout(0.1)
            .dense(width, Activation.RELU)
            .dense(CLASSES)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    return new TrainingPlan(
        network.toWire(),
        Updater.adam(0.0003).toJson(),
        List.of(0, 4, 7, 10),
        TrainingPlan.lowerAndVerify(Schedules.generate(schedule, ranks, 8)),
        512,
        EPOCHS,
        7);
  }

  /** Lets it go on, and returns when it is over and told. */
  public TrainingResult finish(SparkSession spark) throws Exception {
    letGo.countDown();
    TrainingResult done = result.get();
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return done;
  }

  @Override
  public void close() {
    letGo.countDown();
  }
}
