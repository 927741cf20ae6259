package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.event.EpochCompleted;
import io.penstock.launch.job.TrainingResult;
import io.penstock.schedule.draw.HtmlTimeline;
import io.penstock.schedule.draw.SvgTimeline;
import io.penstock.schedule.draw.TextTimeline;
import io.penstock.schedule.draw.Timeline;
import io.penstock.train.TrainingPlan;
import io.penstock.train.Validation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Summary of the training of a model: losses, times, bubble and timeline. Epochs and executors are
 * counted from 0. Immutable, so any thread may read it; it lives on the driver and is not saved
 * with the model.
 */
public final class TrainingSummary {
  private static final StructType EPOCHS =
      new StructType()
          .add("epoch", DataTypes.IntegerType, false)
          .add("loss", DataTypes.DoubleType, false)
          .add("validationLoss", DataTypes.DoubleType, true)
          .add("metric", DataTypes.DoubleType, true)
          .add("seconds", DataTypes.DoubleType, false)
          .add("rowsPerSecond", DataTypes.DoubleType, false);

  private static final int COLUMNS = 100;

  private final SparkSession spark;
  private final TrainingPlan plan;
  private final TrainingResult result;

  TrainingSummary(SparkSession spark, TrainingPlan plan, TrainingResult result) {
    this.spark = spark;
    this.plan = plan;
    this.result = result;
  }

  /**
   * Returns a row for every epoch (of more than 65,536, for the newest): {@code epoch} (from 0,
   * where log, exceptions and the folders of checkpoints count from 1), {@code loss} (mean of the
   * training rows, as they were met), {@code validationLoss} and {@code metric} (see {@link
   * #metricName}; both null without validation rows), {@code seconds} and {@code rowsPerSecond} of
   * training, without validation.
   */
  public Dataset<Row> epochs() {
    return spark.createDataFrame(
        result.epochs().stream().map(TrainingSummary::row).toList(), EPOCHS);
  }

  private static Row row(EpochCompleted epoch) {
    Validation found = epoch.validation();
    return RowFactory.create(
        epoch.epoch(),
        epoch.loss(),
        found == null ? null : found.loss(),
        found == null ? null : found.value(),
        epoch.seconds(),
        epoch.rowsPerSecond());
  }

  /** Returns the mean training loss of every epoch; of more than 65,536, of the newest. */
  public double[] objectiveHistory() {
    return result.epochs().stream().mapToDouble(EpochCompleted::loss).toArray();
  }

  /** Returns the number of epochs that were done. */
  public int totalIterations() {
    return result.epochsDone();
  }

  /** Returns whether the run ended before its last epoch: see {@code patience} and {@code tol}. */
  public boolean stoppedEarly() {
    return totalIterations() < plan.epochs();
  }

  /**
   * Returns the epoch whose weights the model has, where validation rows told; else empty. It
   * counts from 0, as {@link #epochs} does: the log and {@link #toString} call the same epoch one
   * higher.
   */
  public OptionalInt bestEpoch() {
    return result.bestEpoch();
  }

  /** Returns the name of the metric that goes with the network's loss: accuracy, rmse or mae. */
  public String metricName() {
    return plan.network().loss().metric().name();
  }

  /** Returns the number of rows that were trained on. */
  public long numRows() {
    return result.epochs().get(0).rows();
  }

  /** Returns the number of rows for validation. */
  public long numValidationRows() {
    Validation found = result.epochs().get(0).validation();
    return found == null ? 0 : found.rows();
  }

  /**
   * Returns the number of steps, of all epochs, that were skipped for numbers that are NaN or
   * infinite: see {@code onBadNumbers}.
   */
  public long skippedSteps() {
    return result.skippedSteps();
  }

  /** Returns the rows trained on per second, over all epochs. */
  public double rowsPerSecond() {
    return result.rowsPerSecond();
  }

  /** Returns the share of the executors' time in which they did not compute, 0 to 1. */
  public double bubble() {
    return result.bubble();
  }

  /**
   * Returns the share of the gradients from other replicas, in bytes, that came beside the
   * backward, 0 to 1: the overlap of the all-reduce. What came later, executors waited for. Empty
   * without replicas.
   */
  public OptionalDouble exchangeBeside() {
    return result.exchangeBeside();
  }

  /** Returns, by executor, the share of its time in which it computed, 0 to 1. */
  public double[] busyShares() {
    return result.busyShares().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Returns the median time from one update of the weights to the next, in seconds. */
  public double stepSeconds() {
    return result.medianStepSeconds();
  }

  /** Returns what {@link #stepSeconds} was predicted to be; only schedule auto predicts it. */
  public OptionalDouble predictedStepSeconds() {
    return result.choice().stream().mapToDouble(choice -> choice.predictedSeconds()).findFirst();
  }

  /**
   * Returns what the executors computed with, in a line: processor, oneDNN's instruction set,
   * OpenBLAS's kernels, threads; where they differ, each.
   */
  public String computesWith() {
    return result.computesWith();
  }

  /** Returns the plan in words: the schedule, and every stage's executor and layers. */
  public String plan() {
    return new PlanText(plan).toString();
  }

  /** Returns what schedule auto chose the plan from, as a table; empty without it. */
  public Optional<String> choice() {
    return result.choice().map(choice -> choice.table());
  }

  /** Returns the last step as it was measured, in milliseconds. */
  public Timeline timeline() {
    return result.timeline(plan.schedule().name() + ", the last step");
  }

  /** Returns the last step as an SVG picture. */
  public String timelineSvg() {
    return SvgTimeline.svg(timeline());
  }

  /** Returns the last step as a web page that loads nothing from anywhere. */
  public String timelineHtml() {
    return HtmlTimeline.html(timeline());
  }

  /** Returns all that was measured: every step's loss and time, traffic, processes. */
  public TrainingResult result() {
    return result;
  }

  /** Returns a page of text: the plan, the last epoch, times and the timeline. */
  @Override
  public String toString() {
    List<EpochCompleted> epochs = result.epochs();
    EpochCompleted last = epochs.get(epochs.size() - 1);
    StringBuilder text = new StringBuilder(plan());
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %,d for validation; %d of %s%n%s%n",
            new Amount(numRows(), "row"),
            numValidationRows(),
            totalIterations(),
            new Amount(plan.epochs(), "epoch"),
            last.line()));
    bestEpoch()
        .ifPresent(
            best -> text.append(String.format(Locale.ROOT, "weights of epoch %d%n", best + 1)));
    if (skippedSteps() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s skipped for numbers that are not finite%n",
              new Amount(skippedSteps(), "step")));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%,.0f rows/s, %.3f ms a step, bubble %.1f %%, busy %s%n",
            rowsPerSecond(),
            1e3 * stepSeconds(),
            100 * bubble(),
            result.busyShares().stream()
                .map(share -> String.format(Locale.ROOT, "%.1f %%", 100 * share))
                .toList()));
    exchangeBeside()
        .ifPresent(
            beside ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%.1f %% of the gradients from other replicas came beside the backward%n",
                        100 * beside)));
    text.append(computesWith()).append(System.lineSeparator());
    result.prediction().ifPresent(said -> text.append(said).append(System.lineSeparator()));
    return text.append(TextTimeline.text(timeline(), COLUMNS)).toString();
  }
}
