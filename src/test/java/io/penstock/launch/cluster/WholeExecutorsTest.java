package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.job.Executors;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.TrainingResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors that could run several tasks each, behind Spark's authentication and encryption. */
@Timeout(180)
@Tag("slow")
class WholeExecutorsTest {
  private static SparkSession spark;
  private static final List<ClusterOffer> offers = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    spark =
        Executors.of(2, 2)
            .config("spark.authenticate", "true")
            .config("spark.authenticate.secret", "known here only")
            .config("spark.network.crypto.enabled", "true")
            .getOrCreate();
    while (offers.isEmpty() || offers.get(offers.size() - 1).executors() < 2) {
      offers.add(ClusterOffer.of(spark.sparkContext()));
      Thread.sleep(1);
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void coresAreNeverOverstatedWhileExecutorsRegister() {
    for (ClusterOffer offer : offers) {
      assertTrue(offer.coresPerExecutor() <= 2, offer::toString);
    }
  }

  @Test
  void aStageHasAnExecutorToItselfAlsoUnderEncryption() throws Exception {
    Dataset<Row> data = SmallRun.rows(spark);
    AtomicInteger profile = new AtomicInteger(ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID());
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
                profile.set(submitted.stageInfo().resourceProfileId());
              }
            });
    TrainingResult one = SmallRun.run(data, SmallRun.plan(1));
    for (int run = 0; run < 2; run++) {
      TrainingResult two = SmallRun.run(data, SmallRun.plan(2));
      assertEquals(2, new HashSet<>(two.processes()).size());
      assertArrayEquals(one.stepLosses(), two.stepLosses());
    }
    spark.sparkContext().listenerBus().waitUntilEmpty();
    assertNotEquals(ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID(), profile.get());
  }
}
