package io.penstock.launch.cluster;

import static org.apache.spark.sql.functions.array_repeat;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.TrainingJob;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.RankResult;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ResultBytesTest {
  private static final int FIRST = 784 * 512 + 512;
  private static final int OTHERS = 512 * 512 + 512 + 512 * 10 + 10;

  private static SparkConf limit(String size) {
    return new SparkConf(false).set(ResultBytes.LIMIT, size);
  }

  @Test
  void weightsAreCountedOnTheRankThatOwnsThem() {
    assertEquals(List.of((long) FIRST, (long) OTHERS), ResultBytes.of(wide()).parameters());
    Sequential tied =
        Sequential.input(3)
            .embedding(5, 4)
            .dense(4)
            .tiedDense(0, 5)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    TrainingPlan plan =
        new TrainingPlan(
            tied.toWire(),
            Updater.sgd(0.1).toJson(),
            List.of(0, 1),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 2)),
            8,
            1,
            7);
    assertEquals(List.of(20L, 20L), ResultBytes.of(plan).parameters());
  }

  @Test
  void theSumOverTheRanksIsHeldAgainstTheLimit() {
    // Each alone would pass.
    ResultBytes two = new ResultBytes(List.of(150_000L, 150_000L), 16_384);
    String complaint = only(two.problems(limit("1m")));
    for (String part :
        List.of(
            "[150000, 150000]",
            "together 1.2 MiB",
            "spark.driver.maxResultSize=1m, 1.0 MiB",
            "--conf spark.driver.maxResultSize=2m",
            "--driver-memory")) {
      assertTrue(complaint.contains(part), complaint);
    }
    assertEquals(List.of(), two.problems(limit("2m")));
    assertEquals(List.of(), new ResultBytes(List.of(150_000L), 16_384).problems(limit("1m")));
  }

  @Test
  void timesAndLossesOfStepsAndTheActionsOfTheLastAreCountedToo() {
    long few = ResultBytes.of(wide()).besides();
    assertTrue(few > RankResult.STEP_BYTES, "" + few);
    TrainingPlan many =
        new TrainingPlan(
            wide().networkJson(),
            wide().updaterJson(),
            List.of(0, 2),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 1002)),
            1002,
            1,
            7);
    // A forward and a backward of each.
    assertEquals(few + 2 * 1000 * 64, ResultBytes.of(many).besides());
    String complaint = only(ResultBytes.of(wide()).problems(limit("3m")));
    assertTrue(complaint.contains("losses of the newest 16,384 steps"), complaint);
  }

  @Test
  void sparksDefaultIsAGibibyteAnd0IsNoLimit() {
    ResultBytes large = new ResultBytes(List.of(140_000_000L, 140_000_000L), 16_384);
    assertTrue(only(large.problems(new SparkConf(false))).contains("maxResultSize=1g"));
    assertEquals(List.of(), large.problems(limit("0")));
    assertEquals(List.of(), ResultBytes.SMALL.problems(limit("1")));
  }

  @Test
  void oneRankSendsLessThan2Gib() {
    ResultBytes huge = new ResultBytes(List.of(10L, 600_000_000L), 16_384);
    String complaint = only(huge.problems(limit("0")));
    assertTrue(complaint.contains("rank 1") && complaint.contains("600,000,000"), complaint);
  }

  @Test
  void aFitWhoseWeightsSparkWouldNotTakeKeepsThemInFiles() throws Exception {
    AtomicLong bytes = new AtomicLong();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config(ResultBytes.LIMIT, "1m")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  bytes.accumulateAndGet(end.taskMetrics().resultSize(), Math::max);
                }
              });
      assertEquals(
          List.of(),
          TrainingJob.findings(spark.sparkContext(), wide(), GpuUse.AUTO, Optional.empty())
              .problems());
      var rows = SmallRun.rows(spark).withColumn("wide", array_repeat(lit(0.5), 784));
      NetworkWeights weights =
          TrainingJob.run(
                  rows,
                  FeatureColumns.of(rows, List.of("wide"), "label"),
                  LabelKind.classId(10),
                  wide())
              .weights();
      assertTrue(weights.directory().isPresent());
      assertEquals(FIRST, weights.of(0).length);
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertTrue(bytes.get() > 0 && bytes.get() < 16 << 10, "a result has " + bytes + " bytes");
      TrainingPlan lasting = lasting();
      assertEquals(RankResult.MOST_STEPS, SmallRun.run(rows, lasting).stepLosses().length);
      spark.sparkContext().listenerBus().waitUntilEmpty();
      long counted = ResultBytes.of(lasting).besides();
      assertTrue(bytes.get() > RankResult.STEP_BYTES && bytes.get() < counted, bytes + " bytes");
    }
  }

  /** Of more steps than the ranks tell of. */
  private static TrainingPlan lasting() {
    return new TrainingPlan(
        Sequential.perceptron(4, 8, 6, 3).toJson(),
        Updater.sgd(0.01).toJson(),
        List.of(0, 2),
        TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 1)),
        1,
        RankResult.MOST_STEPS / SmallRun.ROWS + 2,
        7);
  }

  private static TrainingPlan wide() {
    return new TrainingPlan(
        Sequential.perceptron(784, 512, 512, 10).toWire(),
        Updater.sgd(0.1).toJson(),
        List.of(0, 2),
        TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 2)),
        8,
        1,
        7);
  }

  private static String only(List<String> problems) {
    assertEquals(1, problems.size(), problems.toString());
    return problems.get(0);
  }
}
