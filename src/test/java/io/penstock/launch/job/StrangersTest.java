package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.link.Attacks;
import io.penstock.nn.update.Updater;
import io.penstock.testing.LocalSpark;
import io.penstock.train.TrainingPlan;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With Spark's authentication on, strangers at the ranks' ports change nothing of a run. */
@Timeout(240)
@LocalSpark(settings = {"spark.penstock.link.networkOnly=true", "spark.authenticate=true"})
class StrangersTest {
  private static final int RANKS = 2;

  @Test
  void aRunLearnsBitForBitTheSameWhileStrangersKnock(SparkSession spark) throws Exception {
    assumeTrue(ListeningSockets.canBeTold(), "ports are found by Linux's tables");
    Dataset<Row> data = SmallRun.rows(spark);
    Knock quiet = new Knock(Set.of("none"), -1); // computes as the other does
    quiet.setLearningRate(0.1);
    TrainingResult alone = SmallRun.run(data, SmallRun.plan(1, 2, Updater.of(quiet)));
    Set<String> old = ListeningSockets.of(ProcessHandle.current().pid());
    Knock knock = new Knock(old, SmallRun.PARAMETERS.get(0));
    knock.setLearningRate(0.1);
    TrainingPlan plan = SmallRun.plan(RANKS, 2, Updater.of(knock));
    Knock.CUT.set(0);
    SmallRun.assertSame(alone, plan, SmallRun.run(data, plan));
    assertEquals(RANKS * Attacks.all().size(), Knock.CUT.get());
  }
}
