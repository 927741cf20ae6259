package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.DeviceBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CudaEventTest {
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private Trial trial;

  @BeforeEach
  void open() {
    trial = new Trial();
  }

  @AfterEach
  void close() {
    other.shutdownNow();
    if (trial != null) {
      trial.close();
    }
  }

  private float first(INDArray numbers) {
    return new StreamLauncher(trial.device).download(numbers)[0];
  }

  /** It shows in tests, where the stand-in does all work as late as it may. */
  @Test
  void whoDoesNotWaitForAnotherThreadsWorkDoesNotSeeIt() throws Exception {
    INDArray numbers = trial.array(1, 2);
    trial.device.settle();
    trial.scale(numbers, 10);
    assertEquals(1, other.submit(() -> first(numbers)).get(), "nobody has waited");
    assertArrayEquals(new float[] {10, 20}, trial.numbers(numbers));
  }

  @Test
  void workBehindAnEventSeesWhatLiesBeforeIt() throws Exception {
    INDArray numbers = trial.array(1, 2);
    try (CudaEvent event = trial.device.event()) {
      trial.scale(numbers, 10);
      event.record();
      trial.scale(numbers, 100);
      float seen =
          other
              .submit(
                  () -> {
                    event.before();
                    return first(numbers);
                  })
              .get();
      assertEquals(10, seen, "and not what comes after it");
      assertArrayEquals(new float[] {1000, 2000}, trial.numbers(numbers));
    }
  }

  @Test
  void anEventIsWaitedForByTheHost() throws Exception {
    INDArray numbers = trial.array(1, 2);
    try (CudaEvent event = trial.device.event()) {
      event.settle(); // none was recorded
      trial.scale(numbers, 10);
      event.record();
      assertFalse(event.hasCome());
      event.settle();
      assertTrue(event.hasCome());
      assertEquals(10, other.submit(() -> first(numbers)).get());
    }
  }

  @Test
  void whoAsksAgainAndAgainFindsThatAnEventHasCome() {
    INDArray numbers = trial.array(1, 2);
    try (CudaEvent event = trial.device.event()) {
      for (int i = 0; i < 3; i++) {
        trial.scale(numbers, 10);
      }
      event.record();
      assertFalse(event.hasCome());
      while (!event.hasCome()) {
        Thread.onSpinWait();
      }
      assertArrayEquals(new float[] {1000, 2000}, trial.numbers(numbers));
    }
  }

  @Test
  void settledWorkIsSeenByAllThreads() throws Exception {
    INDArray numbers = trial.array(1, 2);
    trial.scale(numbers, 10);
    trial.device.settle();
    assertEquals(10, other.submit(() -> first(numbers)).get());
  }

  /** Each waits for what the other did last: were one wait missing, a number would be. */
  @Test
  void threadsThatPassAnArrayToAndFroLoseNothing() throws Exception {
    INDArray numbers = trial.array(1, 1);
    int turns = 100;
    SynchronousQueue<CudaEvent> there = new SynchronousQueue<>();
    SynchronousQueue<CudaEvent> back = new SynchronousQueue<>();
    try (CudaEvent mine = trial.device.event();
        CudaEvent its = trial.device.event()) {
      Future<?> served =
          other.submit(
              () -> {
                StreamLauncher launcher = new StreamLauncher(trial.device);
                for (int i = 0; i < turns; i++) {
                  there.take().before();
                  add(launcher, numbers, 1);
                  its.record();
                  back.put(its);
                }
                trial.device.settle();
                return null;
              });
      for (int i = 0; i < turns; i++) {
        add(trial.launcher, numbers, 2);
        mine.record();
        there.put(mine);
        back.take().before();
      }
      assertArrayEquals(new float[] {301, 301}, trial.numbers(numbers));
      served.get();
    }
  }

  private static void add(StreamLauncher launcher, INDArray numbers, double number) {
    launcher
        .kernel("trial_scale")
        .array(numbers)
        .nothing()
        .whole(2)
        .choice(0)
        .number(1)
        .precise(number)
        .each(2);
  }

  @Test
  void pageLockedMemoryIsReadWhenTheCopyIsDone() {
    INDArray numbers = trial.array(2L);
    long host = trial.device.lock(8);
    FloatPointer there = new io.penstock.array.FloatPlace().at(host);
    there.put(0, 1f);
    there.put(1, 2f);
    trial.device.sendLater(host, DeviceBuffer.address(numbers), 8);
    there.put(0, 5f); // too early: nobody has waited
    assertArrayEquals(new float[] {5, 2}, trial.numbers(numbers));
    trial.device.fetchLater(DeviceBuffer.address(numbers) + 4, host, 4);
    assertEquals(5, there.get(0), "not there yet");
    trial.device.settle();
    assertEquals(2, there.get(0));
    trial.device.unlock(host);
  }
}
