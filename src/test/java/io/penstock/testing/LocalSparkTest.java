package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The classes within are run by the tests here; their names do not end as those of tests do. */
@Timeout(300)
class LocalSparkTest {
  private static final List<SparkSession> SESSIONS = new ArrayList<>();
  private static final List<SparkContext> CONTEXTS = new ArrayList<>();

  @LocalSpark
  static class LeavesAllItCan {
    @Test
    void leaves(SparkSession spark, @TempDir Path directory) {
      SESSIONS.add(spark);
      SparkContext context = spark.sparkContext();
      context.addSparkListener(new SparkListener() {});
      context.setCheckpointDir(directory.toUri().toString());
      context.setLocalProperty("spark.job.description", "left");
      context.setJobGroup("left", "left", false);
      spark.conf().set("spark.sql.shuffle.partitions", 7);
      spark.range(3).createOrReplaceTempView("left");
      assertEquals(3, spark.table("left").cache().count());
      assertEquals(
          4,
          JavaSparkContext.fromSparkContext(context)
              .parallelize(List.of(1, 2, 3, 4))
              .cache()
              .count());
    }
  }

  @LocalSpark
  static class FindsNothing {
    private static SparkSession given;

    @BeforeAll
    static void start(SparkSession spark) {
      given = spark;
    }

    @Test
    void looks(SparkSession spark) {
      SESSIONS.add(spark);
      assertSame(given, spark);
      SparkContext context = spark.sparkContext();
      assertSame(SESSIONS.get(0).sparkContext(), context);
      assertNotSame(SESSIONS.get(0), spark);
      assertSame(spark, SparkSession.builder().getOrCreate());
      assertTrue(
          context.listenerBus().listeners().stream()
              .noneMatch(listener -> listener.getClass().getName().contains("LeavesAllItCan")));
      assertTrue(context.getCheckpointDir().isEmpty());
      assertNull(context.getLocalProperty("spark.job.description"));
      assertNull(context.getLocalProperty("spark.jobGroup.id"));
      assertEquals("2", spark.conf().get("spark.sql.shuffle.partitions"));
      assertFalse(spark.catalog().tableExists("left"));
      assertTrue(JavaSparkContext.fromSparkContext(context).getPersistentRDDs().isEmpty());
    }
  }

  @LocalSpark(slots = 3, settings = "spark.penstock.own=a=b")
  static class DemandsMore {
    @Test
    void hasIt(SparkSession spark) {
      CONTEXTS.add(spark.sparkContext());
      assertEquals("local[3]", spark.sparkContext().master());
      assertEquals("a=b", spark.conf().get("spark.penstock.own"));
    }
  }

  @LocalSpark
  static class Stops {
    @Test
    void stops(SparkSession spark) {
      CONTEXTS.add(spark.sparkContext());
      spark.stop();
    }
  }

  @LocalSpark
  static class ChangesSettings {
    @Test
    void changes(SparkSession spark) {
      CONTEXTS.add(spark.sparkContext());
      spark.sparkContext().conf().set("spark.penstock.left", "true");
    }
  }

  @LocalSpark
  static class Works {
    @Test
    void works(SparkSession spark) {
      CONTEXTS.add(spark.sparkContext());
      assertEquals(3, spark.range(3).count());
    }
  }

  /** Inherits what it demands. */
  static class WorksToo extends Works {}

  static class SharesNothing {
    @Test
    void looks() {
      assertTrue(SparkSession.getDefaultSession().isEmpty(), "it runs before those that share");
    }
  }

  @AfterEach
  void forget() {
    SESSIONS.clear();
    CONTEXTS.clear();
  }

  /** What came of classes, in an order that is not the one they are to run in. */
  private static TestExecutionSummary run(Class<?>... classes) {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create(
            LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build())
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(
                    Arrays.stream(classes)
                        .map(one -> (DiscoverySelector) selectClass(one))
                        .toList())
                .build(),
            summary);
    return summary.getSummary();
  }

  private static List<String> failures(TestExecutionSummary summary) {
    return summary.getFailures().stream().map(one -> one.getException().toString()).toList();
  }

  @Test
  void nothingGoesFromOneClassToTheNext() {
    TestExecutionSummary summary = run(LeavesAllItCan.class, FindsNothing.class);
    assertEquals(List.of(), failures(summary));
    assertEquals(2, summary.getTestsSucceededCount());
    assertTrue(SESSIONS.get(0).sparkContext().isStopped(), "the last one ends with the tests");
  }

  @Test
  void classesOfTheSameDemandsRunTogetherAndAfterAllThatShareNothing() {
    TestExecutionSummary summary =
        run(Works.class, DemandsMore.class, SharesNothing.class, WorksToo.class);
    assertEquals(List.of(), failures(summary));
    assertEquals(4, summary.getTestsSucceededCount());
    assertEquals(2, CONTEXTS.stream().distinct().count());
  }

  @Test
  void whoEndsOrChangesWhatOthersShareFailsAloneAndTheyGetAnother() {
    TestExecutionSummary summary = run(Stops.class, Works.class, ChangesSettings.class);
    List<String> failures = failures(summary);
    assertEquals(2, failures.size(), failures::toString);
    assertTrue(failures.get(0).contains("has stopped the Spark context"), failures::toString);
    assertTrue(failures.get(1).contains("spark.penstock.left=true"), failures::toString);
    assertEquals(3, summary.getTestsSucceededCount());
    assertNotSame(CONTEXTS.get(0), CONTEXTS.get(1));
    assertSame(CONTEXTS.get(1), CONTEXTS.get(2));
  }
}
