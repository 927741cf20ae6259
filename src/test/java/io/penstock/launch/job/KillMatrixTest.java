package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.conf.Settings;
import io.penstock.event.RunIncident;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.ValidationColumn;
import io.penstock.launch.job.Strike.Deed;
import io.penstock.launch.job.Strike.Point;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.Replication;
import io.penstock.train.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of action, on every stage, struck by all that ends or stops an executor: the run goes
 * on by itself, repeats no more than the steps since its last checkpoint, and ends bit for bit as
 * the undisturbed one.
 */
@Timeout(300)
@Tag("slow")
class KillMatrixTest {
  private static final int STAGES = 3;
  private static final int EPOCHS = 3;
  private static final int EVERY = 2;
  private static final int STEPS = SmallRun.STEPS * EPOCHS;
  private static final List<RunIncident> INCIDENTS = new CopyOnWriteArrayList<>();

  /** Where replicas exchange gradients and weights: of a run of three replicas. */
  private static final Set<Point> OF_REPLICAS = EnumSet.of(Point.REDUCE_SCATTER, Point.ALL_GATHER);

  /** Before ranks are connected, when a connection cut may harm nobody. */
  private static final Set<Point> ALONE =
      EnumSet.of(Point.PACKING, Point.TAKING_ROWS, Point.MEETING, Point.CONNECTING);

  /** Not on the last rank, whose second forwards come right behind the first ones. */
  private static final Set<Point> OF_THE_DISK = EnumSet.of(Point.OFFLOAD, Point.RESTORE);

  @TempDir static Path strikes;
  private static SparkSession spark;
  private static Dataset<Row> data;
  private static TrainingResult undisturbed;
  private static TrainingResult undisturbedInGroups;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    Path orders = Files.createDirectory(strikes.resolve("orders"));
    spark =
        Executors.of(STAGES, 1)
            .config(
                "spark.executor.extraJavaOptions",
                Executors.JAVA_OPTIONS
                    + " -D"
                    + Strike.DIRECTORY
                    + "="
                    + orders
                    + " -javaagent:"
                    + StrikeAgent.jarIn(strikes))
            .config(Settings.MAX_FAILURES.key(), "6")
            .config(Settings.BACK_OFF.key(), "10ms")
            .config(Settings.STALL_TIMEOUT.key(), "10s")
            // In the packing there are no ranks yet: Spark itself misses an executor that is
            // stopped.
            .config("spark.network.timeout", "40s")
            .config("spark.network.timeoutInterval", "5s")
            .config("spark.executor.heartbeatInterval", "2s")
            // The master gives an application up whose executors end often.
            .config("spark.deploy.maxExecutorRetries", "-1")
            .getOrCreate();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RunIncident incident) {
                  INCIDENTS.add(incident);
                }
              }
            });
    data = ValidatedTrainingTest.held(SmallRun.rows(spark));
    undisturbed = TrainingJob.run(data, columns(), LabelKind.classId(3), plan(1), options());
    undisturbedInGroups =
        TrainingJob.run(
            data, columns(), LabelKind.classId(3), groups(Replication.groups(STAGES)), options());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @AfterEach
  void endStopped() throws Exception {
    Strike.endStopped(orders());
  }

  private static Path orders() {
    return strikes.resolve("orders");
  }

  private static FeatureColumns columns() {
    return FeatureColumns.of(data, SmallRun.FEATURES, "label");
  }

  private static RunOptions options() {
    return RunOptions.NONE.withValidation(ValidationColumn.of(data.schema(), "held"));
  }

  /** Halves of the backward apart, every forward done again, what is kept for that on disk. */
  private static TrainingPlan plan(int stages) {
    return new TrainingPlan(
        Sequential.perceptron(4, 8, 6, 3).toJson(),
        Updater.adam(0.01).toJson(),
        List.of(0, 2, 4).subList(0, stages),
        Offloading.in(
            TrainingPlan.lowerAndVerify(
                Schedules.generate(stages == 1 ? "1f1b" : "zb-h1", stages, 4),
                Recomputation.ALWAYS)),
        SmallRun.ROWS / SmallRun.STEPS * 4 / 5,
        EPOCHS,
        7);
  }

  /** One stage, by itself or in replicas that share the optimizer's state. */
  private static TrainingPlan groups(Replication replication) {
    return new TrainingPlan(
            Sequential.perceptron(4, 8, 6, 3).toJson(),
            Updater.adam(0.01).toJson(),
            List.of(0),
            TrainingPlan.lowerAndVerify(
                Schedules.generate("1f1b", 1, 2 * STAGES / replication.replicas())),
            SmallRun.ROWS / SmallRun.STEPS * 4 / 5,
            EPOCHS,
            7)
        .withReplication(replication);
  }

  /** One of every deed, at points and stages of all kinds. */
  static List<Arguments> some() {
    return List.of(
        Arguments.of(Point.FORWARD, 1, Deed.KILL),
        Arguments.of(Point.UPDATE, 0, Deed.KILL),
        Arguments.of(Point.REDUCE_SCATTER, 1, Deed.KILL),
        Arguments.of(Point.MEETING, 2, Deed.KILL),
        Arguments.of(Point.WRITE, 1, Deed.KILL),
        Arguments.of(Point.OFFLOAD, 1, Deed.KILL),
        Arguments.of(Point.WEIGHT_GRADIENT, 2, Deed.THROW),
        Arguments.of(Point.VALIDATION, 0, Deed.OUT_OF_MEMORY),
        Arguments.of(Point.RECEIVE, 1, Deed.CUT),
        Arguments.of(Point.INPUT_GRADIENT, 2, Deed.STOP));
  }

  static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (Point point : EnumSet.complementOf(EnumSet.of(Point.STEP))) {
      for (int rank = 0; rank < STAGES - (OF_THE_DISK.contains(point) ? 1 : 0); rank++) {
        for (Deed deed : Deed.values()) {
          all.add(Arguments.of(point, rank, deed));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("some")
  void someBlowsLeaveTheResultAsItIs(Point point, int rank, Deed deed) throws Exception {
    strike(point, rank, deed);
  }

  @ParameterizedTest
  @MethodSource("all")
  @Tag("soak")
  void everyBlowLeavesTheResultAsItIs(Point point, int rank, Deed deed) throws Exception {
    strike(point, rank, deed);
  }

  private void strike(Point point, int rank, Deed deed) throws Exception {
    assumeTrue(
        deed != Deed.CUT || ListeningSockets.canBeTold(),
        "connections are found by Linux's tables");
    incidents(); // of the run before
    Checkpoints wanted =
        new Checkpoints(
            directory.toUri().toString(),
            true,
            CheckpointRhythm.ofSteps(EVERY),
            2,
            true,
            model -> {});
    new Strike(point, rank, deed, point.step, EVERY, directory).order(orders());
    boolean replicas = OF_REPLICAS.contains(point);
    TrainingPlan plan =
        replicas ? groups(Replication.of(STAGES).withShardedOptimizer(true)) : plan(STAGES);
    TrainingResult ended =
        TrainingJob.run(
            data, columns(), LabelKind.classId(3), plan, options().withCheckpoints(wanted));
    assertFalse(Strike.isDue(orders()), point + " of rank " + rank + " was never reached");
    assertSame(replicas ? undisturbedInGroups : undisturbed, ended);
    List<RunIncident> again =
        incidents().stream().filter(one -> one.kind() == RunIncident.Kind.RETRY).toList();
    // What fails in the packing, Spark does again itself.
    if (deed == Deed.CUT && ALONE.contains(point)) {
      assertTrue(again.size() <= 1, again.toString());
    } else if (point != Point.PACKING) {
      assertResumed(point, deed, again);
    }
    for (int each = 0; each < STAGES; each++) {
      long steps = Strike.steps(orders(), each);
      // Beside a write that fails, training goes on until it hears of it: one step.
      int most = STEPS + again.size() * (EVERY + (point == Point.WRITE ? 1 : 0));
      assertTrue(STEPS <= steps && steps <= most, steps + " steps of rank " + each);
    }
  }

  private static void assertResumed(Point point, Deed deed, List<RunIncident> again) {
    // An executor without memory may be given a task once more before it ends, and the rows that
    // one had shuffled may be missed only when they are asked for.
    int most = deed == Deed.OUT_OF_MEMORY || deed == Deed.STOP ? 2 : 1;
    assertTrue(!again.isEmpty() && again.size() <= most, again.toString());
    int newest = point.step / EVERY * EVERY - (isTaking(point) ? EVERY : 0);
    int from = resumedFrom(again.get(0).text());
    if (deed == Deed.CUT && isWriting(point)) {
      // The writers need no connection, so that they may be done before it is missed.
      assertTrue(newest <= from && from % EVERY == 0, again.toString());
    } else {
      assertEquals(newest, from, again.toString());
    }
  }

  /** Before the newest checkpoint is taken, or within it, so that it is never complete. */
  private static boolean isTaking(Point point) {
    return point == Point.VALIDATION || isWriting(point);
  }

  private static boolean isWriting(Point point) {
    return point == Point.COPY || point == Point.WRITE;
  }

  /** Returns the step after which a run goes on; 0 if it begins anew. */
  private static int resumedFrom(String told) {
    Matcher after = Pattern.compile("goes on after step (\\d+) ").matcher(told);
    boolean goesOn = after.lookingAt();
    assertTrue(goesOn || told.startsWith("starts again from the beginning"), told);
    return goesOn ? Integer.parseInt(after.group(1)) : 0;
  }

  private static void assertSame(TrainingResult undisturbed, TrainingResult ended) {
    assertArrayEquals(undisturbed.stepLosses(), ended.stepLosses());
    assertEquals(undisturbed.bestEpoch(), ended.bestEpoch());
    Map<Integer, float[]> weights = ended.weights().toMap();
    assertEquals(undisturbed.weights().layers(), weights.keySet());
    undisturbed.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, weights.get(layer)));
  }

  private static List<RunIncident> incidents() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    List<RunIncident> told = List.copyOf(INCIDENTS);
    INCIDENTS.clear();
    return told;
  }
}
