package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class StreamLauncherTest {
  private Trial trial;

  @BeforeEach
  void open() {
    trial = new Trial();
  }

  @AfterEach
  void close() {
    if (trial != null) {
      trial.close();
    }
  }

  @Test
  void aKernelGetsEveryTypeOfArgument() {
    INDArray numbers = trial.array(1, 2, 3, 4, 5);
    INDArray ids = trial.launcher.upload(0, new int[] {10, 20, 30, 40, 50});
    trial
        .launcher
        .kernel("trial_scale")
        .array(numbers, 1)
        .array(ids)
        .whole(3)
        .choice(1)
        .number(0.5)
        .precise(100)
        .each(3);
    assertArrayEquals(new float[] {1, 111, 121.5f, 132, 5}, trial.numbers(numbers));
  }

  @Test
  void aViewIsPassedFromItsFirstNumberOn() {
    INDArray numbers = trial.array(1, 2, 3, 4, 5);
    trial.scale(NativeArrays.view(numbers, 2, 2), 10);
    assertArrayEquals(new float[] {1, 2, 30, 40, 5}, trial.numbers(numbers));
    assertArrayEquals(
        new float[] {40, 5}, trial.numbers(NativeArrays.view(numbers, 3, 2)), "downloaded too");
  }

  @Test
  void threadsOfABlockWaitForEachOther() {
    int width = 1000;
    float[] rows = new float[3 * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i / width + 1;
    }
    INDArray sums = trial.array(3L);
    trial
        .launcher
        .kernel("trial_sum")
        .array(trial.launcher.upload(0, rows))
        .array(sums)
        .whole(width)
        .blocks(3, 256);
    assertArrayEquals(new float[] {1000, 2000, 3000}, trial.numbers(sums));
  }

  /** So the same bits twice in a row mean something, in every test that compares them. */
  @Test
  void threadsThatRaceGiveOtherNumbersBackwards() {
    float[] numbers = new float[256];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    List<float[]> results = new ArrayList<>();
    for (int direction : new int[] {1, -1}) {
      trial.driver.order("direction", direction);
      INDArray array = trial.array(numbers);
      trial.launcher.kernel("trial_race").array(array).blocks(1, 256);
      results.add(trial.numbers(array));
    }
    assertFalse(Arrays.equals(results.get(0), results.get(1)));
  }

  @Test
  void nothingIsLaunchedForNoNumbers() {
    long before = trial.driver.count("launches");
    trial.launcher.kernel("trial_sum").nothing().nothing().whole(0).blocks(0, 256);
    trial.device.settle();
    assertEquals(before, trial.driver.count("launches"));
  }

  @Test
  void aKernelThatWasNotCompiledIsNamed() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> trial.launcher.kernel("none_such"));
    assertTrue(e.getMessage().contains("none_such"), e::getMessage);
    assertTrue(e.getMessage().contains("trial_scale"), "and those that there are");
  }

  @Test
  void aKernelThatTheDriverDoesNotFindIsNamedWithItsFile() {
    trial.driver.hide("trial_sum");
    CudaException e = assertThrows(CudaException.class, () -> trial.launcher.kernel("trial_sum"));
    assertEquals(Trouble.IMAGE, e.trouble());
    assertTrue(e.getMessage().contains("trial.ptx"), e::getMessage);
    assertTrue(e.getMessage().contains("CUDA_ERROR_NOT_FOUND"), e::getMessage);
  }

  @Test
  void anArgumentOfAnotherTypeIsRefused() {
    Launcher begun = trial.launcher.kernel("trial_sum").nothing();
    assertThrows(IllegalArgumentException.class, () -> begun.choice(1));
    assertThrows(IllegalArgumentException.class, () -> begun.number(1));
    begun.nothing();
    assertThrows(IllegalArgumentException.class, () -> begun.blocks(1, 256), "one too few");
    begun.whole(1);
    assertThrows(IllegalArgumentException.class, () -> begun.whole(1), "one too many");
  }

  @Test
  void anArrayOfTheHostsIsRefused() {
    INDArray host = Nd4j.zeros(4);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> trial.scale(host, 1));
    assertTrue(e.getMessage().contains("the host"), e::getMessage);
  }

  @Test
  void scratchIsTheSameMemoryAndGrowsByDoubling() {
    INDArray small = trial.launcher.scratch(0, 100);
    assertEquals(400, trial.launcher.scratchBytes());
    assertEquals(100, small.length());
    trial.launcher.scratch(0, 101);
    assertEquals(800, trial.launcher.scratchBytes());
    assertEquals(150, trial.launcher.scratch(0, 150).length());
    assertEquals(800, trial.launcher.scratchBytes());
    trial.launcher.scratch(1, 1000);
    assertEquals(4800, trial.launcher.scratchBytes());
    trial.launcher.clear();
    assertEquals(0, trial.launcher.scratchBytes());
  }

  @Test
  void largeUploadsArriveWhole() {
    int[] numbers = IntStream.range(0, 700_000).toArray();
    INDArray ids = trial.launcher.upload(0, numbers);
    INDArray zeros = trial.launcher.upload(1, new float[numbers.length]);
    numbers[5] = -1; // it was read before
    trial
        .launcher
        .kernel("trial_scale")
        .array(zeros)
        .array(ids)
        .whole(numbers.length)
        .choice(1)
        .number(1)
        .precise(0)
        .each(numbers.length);
    float[] all = trial.numbers(zeros);
    for (int i = 0; i < all.length; i++) {
      assertEquals(i, all[i]);
    }
  }

  /** What a launch leaves on the heap, a step of thousands leaves for the collector. */
  @Test
  void aLaunchLeavesNothingOnTheHeap() {
    INDArray numbers = trial.array(1, 2, 3);
    Runnable launch = () -> trial.scale(numbers, 1);
    for (int i = 0; i < 100; i++) {
      launch.run();
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      launch.run();
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / 1000;
    assertEquals(0, each, "bytes a launch");
  }

  @Test
  void aGridThatNoGpuTakesIsRefused() {
    Launcher begun = trial.launcher.kernel("trial_sum").nothing().nothing().whole(1);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> begun.grid(1, 65_536, 1, 1, 1));
    assertTrue(e.getMessage().contains("65536"), e::getMessage);
  }
}
