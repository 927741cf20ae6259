package io.penstock.ui.tab;

import io.penstock.event.EpochCompleted;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.job.RunOptions;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.plugin.PenstockPlugin;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main class of a process that trains, stands still in the midst of the first epoch, and does
 * there what it reads from standard input: {@code warn} (in the log), {@code say} (on standard
 * output), {@code go} on.
 */
public final class GatedRun {
  static final int STEPS = 9;
  private static final int ROWS = 90;

  private GatedRun() {}

  /** Trains. Settings of Spark's come as system properties. */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.plugins", PenstockPlugin.class.getName())
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()) {
      spark.sparkContext().addSparkListener(new LateListener(spark.sparkContext()));
      Dataset<Row> rows =
          spark
              .range(0, ROWS, 1, 3)
              .selectExpr("id / 90d a", "id % 3 / 3d b", "id % 7 / 7d c", "id % 3 label");
      TrainingPlan plan =
          new TrainingPlan(
              Sequential.perceptron(3, 8, 3).toWire(),
              Updater.of(new Gate()).toJson(),
              List.of(0, 2),
              TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 2)),
              ROWS / STEPS,
              2,
              7);
      FeatureColumns columns = FeatureColumns.of(rows, List.of("a", "b", "c"), "label");
      TrainingJob.run(rows, columns, LabelKind.classId(3), plan, RunOptions.NONE.withName("gated"));
    }
    System.exit(0); // Spark 3.5's timer of barrier jobs is no daemon; spark-submit exits so too
  }

  /** Holds up Spark's bus until the context is being stopped, so that a run's end is told late. */
  private static final class LateListener extends SparkListener {
    private final SparkContext context;

    LateListener(SparkContext context) {
      this.context = context;
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
      if (event instanceof EpochCompleted done && done.epoch() + 1 == done.epochs()) {
        try {
          while (!context.isStopped()) {
            Thread.sleep(20); // no event tells
          }
          Thread.sleep(500); // in which it comes to its plugins
        } catch (InterruptedException cause) {
          throw new IllegalStateException(cause);
        }
      }
    }
  }

  /** An updater that stands still on the last layer's weights. */
  public static final class Gate extends Sgd {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(GatedRun.class);
    private static final int PARAMETERS = 8 * 3 + 3;

    @Override
    public Gate clone() {
      return new Gate();
    }

    @Override
    public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
      return new SgdUpdater(this) {
        @Override
        public void applyUpdater(INDArray gradient, int step, int epoch) {
          if (step == 2 && gradient.length() == PARAMETERS) {
            obey();
          }
          super.applyUpdater(gradient, step, epoch);
        }
      };
    }

    private static void obey() {
      try {
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String word;
        while ((word = input.readLine()) != null && !word.equals("go")) {
          switch (word) {
            case "warn" -> LOG.warn("Something has happened");
            case "say" -> System.out.println("said aloud");
            default -> throw new IllegalArgumentException(word);
          }
        }
      } catch (IOException cause) {
        throw new UncheckedIOException(cause);
      }
    }
  }
}
