package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SparkKernelTest {
  private static final String BEFORE =
      """
      import io.penstock.event.EpochCompleted;
      import io.penstock.ml.PipelineParallelClassifier;
      import org.apache.spark.scheduler.*;
      import org.apache.spark.sql.*;
      SparkSession spark = SparkSession.builder()
          .master("local[2]").config("spark.ui.enabled", false).getOrCreate();
      spark.sparkContext().addSparkListener(new SparkListener() {
        @Override public void onOtherEvent(SparkListenerEvent event) {
          if (event instanceof EpochCompleted done && done.epochs() > 2 && done.epoch() == 0) {
            System.out.println("ready");
          }
        }
      });
      Dataset<Row> rows = spark.range(1000).selectExpr(
          "array(cast(id % 2 as float), cast(id % 3 as float)) as features",
          "cast(id % 2 as double) as label");
      PipelineParallelClassifier classifier =
          new PipelineParallelClassifier().setLayers(2, 4, 2).setNumStages(2);
      System.out.println("set up");
      """;

  /** Both slots are in use as long as its job runs. */
  private static final String LONG = "classifier.setEpochs(100_000).fit(rows);";

  private static final String AFTER =
      """
      int jobs = spark.sparkContext().statusTracker().getActiveJobIds().length;
      int epochs = classifier.setEpochs(2).fit(rows).summary().totalIterations();
      System.out.println(jobs + " jobs, " + epochs + " epochs");
      """;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void interruptingCancelsTheFitAndTheNextCellRuns() throws IOException, InterruptedException {
    Jupyter jupyter = Jupyter.orSkip();
    Path script = Notebooks.FOLDER.resolve("src/test/resources/interrupt.py");
    Command.Outcome outcome =
        jupyter.run(
            List.of(jupyter.python(), script.toString(), "penstock-java", BEFORE, LONG, AFTER));
    assertEquals(
        List.of("ok set up", "error ready EvaluationInterruptedException", "ok 0 jobs, 2 epochs"),
        outcome.out().lines().filter(line -> line.matches("(ok|error) .*")).toList(),
        outcome.out());
  }
}
