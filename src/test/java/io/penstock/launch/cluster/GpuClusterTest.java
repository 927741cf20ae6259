package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.job.RunOptions;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.StandaloneCluster;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.job.TrainingResult;
import io.penstock.launch.job.Witness;
import io.penstock.launch.plugin.PenstockPlugin;
import io.penstock.nn.update.Updater;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A standalone cluster whose worker says that it has two GPUs, which are not there. */
@Timeout(180)
@Tag("slow")
class GpuClusterTest {
  @TempDir static Path directory;

  private static StandaloneCluster cluster;
  private static SparkSession spark;
  private static Dataset<Row> data;

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.withGpus(directory, 4, 2);
    spark =
        cluster
            .session()
            .config("spark.plugins", PenstockPlugin.class.getName())
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.kryo.registrationRequired", true)
            .getOrCreate();
    data = SmallRun.rows(spark);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static TrainingResult run(TrainingPlan plan, GpuUse gpus) {
    return TrainingJob.run(
        data,
        FeatureColumns.of(data, SmallRun.FEATURES, "label"),
        LabelKind.classId(3),
        plan,
        RunOptions.NONE.withGpus(gpus));
  }

  private static TrainingPlan witnessed(int stages, Path seen) {
    return SmallRun.plan(stages, 2, Updater.of(new Witness(seen)));
  }

  @Test
  void everyStageHasTheGpuOfItsOwnExecutor(@TempDir Path seen) throws Exception {
    run(witnessed(2, seen), GpuUse.AUTO);
    String[] first = Witness.of(seen, 0);
    String[] second = Witness.of(seen, 1);
    assertEquals(Set.of("0", "1"), Set.of(first[1], second[1]), "addresses");
    assertNotEquals(first[0], second[0], "executors");
    assertEquals(List.of("2", "2"), List.of(first[2], second[2]), "all the executor's cores");
  }

  @Test
  void aRunThatWantsNoGpuLeavesThemToOthers(@TempDir Path seen) throws Exception {
    run(witnessed(2, seen), GpuUse.NEVER);
    assertEquals("none", Witness.of(seen, 0)[1]);
    assertEquals("none", Witness.of(seen, 1)[1]);
  }

  @Test
  void withoutADeviceARunFallsBackToTheCpuAndSaysWhy() {
    Findings findings =
        TrainingJob.findings(spark.sparkContext(), SmallRun.plan(2), GpuUse.AUTO, Optional.empty());
    assertEquals(List.of(), findings.problems());
    assertTrue(findings.devices().startsWith("on the CPU: "), findings.devices());
    assertArrayEquals(
        run(SmallRun.plan(1), GpuUse.AUTO).stepLosses(),
        run(SmallRun.plan(2), GpuUse.AUTO).stepLosses());
  }

  @Test
  void withoutADeviceARunThatNeedsOneIsRefusedBeforeItsJob() {
    int jobs = jobs();
    PreflightException refused =
        assertThrows(PreflightException.class, () -> run(SmallRun.plan(2), GpuUse.REQUIRED));
    String said = refused.getMessage();
    assertTrue(said.contains("2 stages need 2 GPUs, one each; 0 can be used"), said);
    assertTrue(said.contains("driver"), said);
    assertEquals(jobs + 1, jobs(), "only the look at the GPUs");
  }

  @Test
  void moreStagesThanGpusAreRefusedWithTheNumbers() {
    PreflightException refused =
        assertThrows(PreflightException.class, () -> run(SmallRun.plan(3), GpuUse.REQUIRED));
    String said = refused.getMessage();
    assertTrue(said.contains("3 stages need 3 executors"), said);
    assertTrue(said.contains("takes 1 of its machine's GPUs, so there must be 3"), said);
    assertTrue(said.contains("spark.worker.resource.gpu.amount"), said);
  }

  @Test
  void dataPreparationKeepsATaskACore() {
    // Four tasks on two executors of two cores, at the same time: the default profile has no GPU.
    assertEquals(
        4,
        spark
            .sparkContext()
            .maxNumConcurrentTasks(
                spark.sparkContext().resourceProfileManager().defaultResourceProfile()));
    ClusterOffer offer = ClusterOffer.of(spark.sparkContext());
    assertEquals(2, offer.slots(), "stages: one for each GPU");
    assertEquals(new GpuOffer(1, 0, true), offer.gpus());
  }

  private static int jobs() {
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (Exception late) {
      throw new IllegalStateException(late);
    }
    return spark.sparkContext().statusStore().jobsList(null).size();
  }
}
