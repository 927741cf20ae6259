package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunIncident;
import io.penstock.event.StepCompleted;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakWatchTest {
  private static final int STEPS = 10;

  private final SoakWatch watch = new SoakWatch();
  private final long start = System.currentTimeMillis();

  private void step(int epoch, int step, long millis) {
    watch.onOtherEvent(
        new StepCompleted("run", start + millis, epoch, 3, step, STEPS, 8L * step, 1, 1));
  }

  private void ready(int ranks, long millis) {
    RankPlace place = new RankPlace(0, "0", "host", 1, List.of());
    watch.onOtherEvent(
        new RanksReady(
            "run", start + millis, 0, Collections.nCopies(ranks, place), 80, 0, List.of()));
  }

  private void fails(long failed, long again) {
    watch.onOtherEvent(
        RunIncident.failure("run", start + failed, FailureKind.EXECUTOR_LOST, 0, "host", "lost"));
    watch.onOtherEvent(
        new RunIncident("run", start + again, RunIncident.Kind.RETRY, 0, -1, 0, "goes on"));
  }

  @Test
  void aRecoveryIsFromTheBlowToTheNextStepAndCostsTheStepsSinceTheCheckpoint() {
    ready(3, 0);
    step(1, 7, 100);
    long before = System.currentTimeMillis();
    watch.struck();
    long after = System.currentTimeMillis();
    fails(1_500, 2_000);
    step(1, 7, 2_100); // told late
    ready(3, 4_000);
    step(1, 3, 5_000);
    step(1, 4, 5_100);
    List<Recoveries.One> all = watch.recoveries().all();
    assertEquals(1, all.size());
    double seconds = all.get(0).seconds();
    assertTrue(seconds >= (start + 5_000 - after) / 1e3, all.toString());
    assertTrue(seconds <= (start + 5_000 - before) / 1e3, all.toString());
    assertEquals(5, watch.stepsLost());
    assertEquals(1, watch.resumes());
    assertEquals(0, watch.recuts());
    assertEquals(4, watch.steps());
  }

  @Test
  void aBlowThatHarmsNobodyIsNoRecovery() {
    ready(3, 0);
    step(0, 1, 10);
    watch.struck();
    watch.undone();
    step(0, 2, 2_000);
    assertTrue(watch.recoveries().all().isEmpty());
    assertEquals(0, watch.stepsLost());
  }

  @Test
  void anotherNumberOfRanksIsARecut() {
    ready(3, 0);
    step(0, 1, 10);
    watch.struck();
    fails(20, 30);
    ready(2, 40);
    step(0, 1, 50);
    assertEquals(1, watch.recuts());
  }
}
