package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.EpochCompleted;
import io.penstock.event.FailureKind;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.StepCompleted;
import io.penstock.launch.job.BrittleDisk.Fault;
import io.penstock.launch.job.BrittleDisk.Operation;
import io.penstock.nn.update.Updater;
import io.penstock.testing.LocalSpark;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints on a file system that fails, dies, is slow, or gives back other bytes than it was
 * given: a run goes on from the newest that is whole, or says which file is damaged.
 */
@Timeout(300)
@LocalSpark(slots = 2)
@Tag("slow")
class CheckpointFaultsTest {
  private static final int EPOCHS = 3;
  private static final int STEPS = EPOCHS * SmallRun.STEPS;
  private static final int EVERY = 2;
  private static final List<SparkListenerEvent> EVENTS = new CopyOnWriteArrayList<>();
  private static SparkSession spark;
  private static Dataset<Row> data;
  private static TrainingResult undisturbed;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    BrittleDisk.mount(spark.sparkContext().hadoopConfiguration());
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RunEvent) {
                  EVENTS.add(event);
                }
              }
            });
    data = SmallRun.rows(spark);
    undisturbed = SmallRun.run(data, plan(1, EPOCHS));
  }

  @BeforeEach
  @AfterEach
  void mend() {
    BrittleDisk.mend();
  }

  private static TrainingPlan plan(int stages, int epochs) {
    return SmallRun.plan(stages, epochs, Updater.adam(0.01));
  }

  private static TrainingResult run(
      Path where, TrainingPlan plan, CheckpointRhythm rhythm, int kept) throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    EVENTS.clear();
    Checkpoints wanted =
        new Checkpoints(BrittleDisk.under(where), true, rhythm, kept, true, model -> {});
    return CheckpointsTest.run(data, plan, wanted);
  }

  private static TrainingResult run(Path where) throws Exception {
    return run(where, plan(2, EPOCHS), new CheckpointRhythm(1, EVERY, 0), 2);
  }

  /** How many steps were done before the first of the last attempt; all where it did none. */
  private static int resumedFrom() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    int from = STEPS;
    boolean first = true;
    for (SparkListenerEvent event : EVENTS) {
      if (event instanceof RunIncident told && told.kind() == RunIncident.Kind.RETRY) {
        from = STEPS;
        first = true;
      } else if (event instanceof StepCompleted step && first) {
        from = step.epoch() * SmallRun.STEPS + step.step() - 1;
        first = false;
      }
    }
    return from;
  }

  private static List<Path> checkpoints(Path where) throws IOException {
    try (Stream<Path> all = Files.list(where)) {
      return all.filter(one -> Files.exists(one.resolve("manifest.json")))
          .sorted((a, b) -> Integer.compare(step(b), step(a)))
          .toList();
    }
  }

  private static int step(Path checkpoint) {
    return CheckpointLocation.step(checkpoint.getFileName().toString());
  }

  private static OptionalInt newest(Path where) throws IOException {
    return Files.exists(where)
        ? checkpoints(where).stream().mapToInt(CheckpointFaultsTest::step).max()
        : OptionalInt.empty();
  }

  private static void assertSame(TrainingResult result, String what) {
    assertArrayEquals(undisturbed.stepLosses(), result.stepLosses(), what);
    undisturbed
        .weights()
        .toMap()
        .forEach((at, w) -> assertArrayEquals(w, result.weights().of(at), what));
  }

  /** Runs into a fault, and then goes on without. */
  private void breakAndGoOn(Fault fault, Operation operation, int occurrence) throws Exception {
    String what = fault + " at " + occurrence + ". " + operation;
    Path where = directory.resolve(fault + "-" + occurrence + "-" + operation);
    BrittleDisk.breakAt(fault, operation, occurrence);
    try {
      assertSame(run(where), what); // what cannot be deleted is no failure
    } catch (TrainingFailedException failed) {
      assertEquals(FailureKind.CHECKPOINT_FAILED, failed.kind(), what + ": " + failed.getMessage());
      assertTrue(failed.getMessage().contains("planned: "), what + ": " + failed.getMessage());
    } catch (CheckpointException refused) { // before there was a job
      assertTrue(refused.getMessage().contains("planned: "), what + ": " + refused.getMessage());
    }
    assertTrue(BrittleDisk.isBroken(), what);
    BrittleDisk.mend();
    int from = newest(where).orElse(0);
    assertSame(run(where), what);
    assertEquals(from, resumedFrom(), what);
    assertTrue(Files.exists(where), what);
    try (Stream<Path> left = Files.list(where)) {
      assertEquals(checkpoints(where).size(), left.count(), what + " leaves what is incomplete");
    }
  }

  /** Each kind of operation of an undisturbed run, with how often it does it. */
  private Map<Operation, Integer> operations() throws Exception {
    BrittleDisk.mend();
    assertSame(run(directory.resolve("whole")), "whole");
    Map<Operation, Integer> all = new LinkedHashMap<>();
    BrittleDisk.done().forEach(one -> all.merge(one, 1, Integer::sum));
    return all;
  }

  @Test
  void afterEveryKindOfOperationARunGoesOnFromTheNewestWholeCheckpoint() throws Exception {
    Map<Operation, Integer> all = operations();
    for (String kind : List.of("create", "write", "close")) {
      for (String of : List.of("data", "state", "manifest")) {
        assertTrue(all.containsKey(new Operation(kind, of)), kind + " " + of + ": " + all);
      }
    }
    assertTrue(all.containsKey(new Operation("rename", "manifest")), all.toString());
    assertTrue(all.containsKey(new Operation("delete", "checkpoint")), all.toString());
    Fault fault = Fault.FAILS; // the other for the next, and both for all where there is time
    for (Map.Entry<Operation, Integer> one : all.entrySet()) {
      breakAndGoOn(fault, one.getKey(), (one.getValue() + 1) / 2);
      fault = fault == Fault.FAILS ? Fault.DIES : Fault.FAILS;
    }
  }

  @Test
  @Tag("soak")
  @Timeout(value = 4, unit = TimeUnit.HOURS)
  void afterEveryOperationARunGoesOnFromTheNewestWholeCheckpoint() throws Exception {
    for (Map.Entry<Operation, Integer> one : operations().entrySet()) {
      for (int occurrence = 1; occurrence <= one.getValue(); occurrence++) {
        breakAndGoOn(Fault.FAILS, one.getKey(), occurrence);
        breakAndGoOn(Fault.DIES, one.getKey(), occurrence);
      }
    }
  }

  @Test
  void stepsGoOnWhileARankWrites() throws Exception {
    goesOnWhileWaiting(new Operation("write", "data"));
  }

  @Test
  void stepsGoOnWhileTheDriverCompletesACheckpoint() throws Exception {
    goesOnWhileWaiting(new Operation("rename", "manifest"));
  }

  /** Several epochs go by, though the write of the first checkpoint does not end. */
  private void goesOnWhileWaiting(Operation operation) throws Exception {
    TrainingPlan plan = plan(2, 20);
    CheckpointRhythm early = new CheckpointRhythm(0, 50, 0);
    BrittleDisk.breakAt(Fault.WAITS, operation, 1);
    CompletableFuture<TrainingResult> run =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run(directory, plan, early, 1);
              } catch (Exception failed) {
                throw new IllegalStateException(failed);
              }
            });
    BrittleDisk.awaitWaiting();
    int last = 20 * SmallRun.STEPS;
    while (epochsDone() < 20) {
      assertFalse(run.isDone());
      Thread.sleep(20);
    }
    BrittleDisk.release();
    assertEquals(last, run.get().stepLosses().length);
    assertArrayEquals(SmallRun.run(data, plan(1, 20)).stepLosses(), run.get().stepLosses());
    assertEquals(50, newest(directory).getAsInt());
  }

  private static long epochsDone() {
    return EVENTS.stream()
        .filter(event -> event instanceof EpochCompleted)
        .mapToInt(event -> ((EpochCompleted) event).epoch() + 1)
        .max()
        .orElse(0);
  }

  /** Leaves the checkpoints of all epochs. */
  private List<Path> threeCheckpoints(Path where) throws Exception {
    run(where, plan(2, EPOCHS), CheckpointRhythm.ofEpochs(1), 3);
    List<Path> all = checkpoints(where);
    assertEquals(List.of(9, 6, 3), all.stream().map(CheckpointFaultsTest::step).toList());
    return all;
  }

  private static List<Path> files(Path checkpoint) throws IOException {
    try (Stream<Path> all = Files.walk(checkpoint, new FileVisitOption[0])) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void flip(Path file, int at, int bit) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= (byte) (1 << bit);
    Files.write(file, bytes);
  }

  private static void flipLast(Path file) throws IOException {
    flip(file, (int) Files.size(file) - 2, 1);
  }

  @Test
  void aDamagedFileIsNeverLoadedAndTheCheckpointBeforeIsTaken() throws Exception {
    Path original = directory.resolve("original");
    threeCheckpoints(original);
    Random random = new Random(5);
    List<Path> newest = files(checkpoints(original).get(0));
    assertTrue(newest.size() >= 9, newest.toString());
    for (Path file : newest) {
      int length = (int) Files.size(file);
      boolean manifest = file.getFileName().toString().equals("manifest.json");
      List<Integer> flips = new ArrayList<>(List.of(random.nextInt(length)));
      for (int more = 0; manifest && more < 2; more++) {
        flips.add(random.nextInt(length));
      }
      for (int flipped : flips) {
        byte[] whole = Files.readAllBytes(file);
        flip(file, flipped, random.nextInt(8));
        goesOnFrom(6, original, file + " flipped at " + flipped);
        Files.write(file, whole);
      }
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, random.nextInt(length)));
      goesOnFrom(6, original, file + " cut");
      Files.write(file, whole);
    }
  }

  @Test
  void asManyDamagedCheckpointsArePassedOverAsThereAre() throws Exception {
    Path original = directory.resolve("original");
    List<Path> all = threeCheckpoints(original);
    for (Path one : all.subList(0, 2)) {
      flipLast(files(one).get(0));
    }
    goesOnFrom(3, original, "two are damaged");
    flipLast(files(all.get(2)).get(0));
    TrainingFailedException failed =
        assertThrows(TrainingFailedException.class, () -> run(original));
    assertTrue(failed.getMessage().contains(".npy is damaged: "), failed.getMessage());
    assertEquals(all, checkpoints(original));
  }

  @Test
  void aFileSystemThatCannotBeReadForAWhileLosesNoCheckpoint() throws Exception {
    Path where = directory.resolve("run");
    List<Path> all = threeCheckpoints(where);
    BrittleDisk.breakAt(Fault.CANNOT_BE_READ, new Operation("open", "data"), 1);
    assertThrows(TrainingFailedException.class, () -> run(where));
    assertEquals(all, checkpoints(where));
    BrittleDisk.breakAt(Fault.CANNOT_BE_READ, new Operation("open", "manifest"), 1);
    assertThrows(RuntimeException.class, () -> run(where));
    assertEquals(all, checkpoints(where));
  }

  /** Goes on in a copy. */
  private void goesOnFrom(int step, Path original, String what) throws Exception {
    Path copy = Files.createTempDirectory(directory, "copy");
    try (Stream<Path> files = Files.walk(original)) {
      for (Path one : files.skip(1).toList()) {
        Files.copy(one, copy.resolve(original.relativize(one)));
      }
    }
    TrainingResult result = run(copy);
    assertEquals(step, resumedFrom(), what);
    assertSame(result, what);
  }
}
