package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.ComputeDevice;
import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.CudaException;
import io.penstock.compute.cuda.CudaGpu;
import io.penstock.compute.cuda.StandIn;
import io.penstock.compute.cuda.Trouble;
import io.penstock.link.LinkException;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs that a GPU fails, on the stand-in of one: each ends with the cause, its peers hear of it,
 * and nothing of it is left.
 */
@Timeout(300)
class GpuTroubleTest {
  /** Of two, that no other test uses: the stand-in's counts of it are this test's. */
  private static final int GPU = 1;

  private static final Sequential NETWORK =
      Sequential.input(6)
          .dense(8, Activation.TANH)
          .dropout(0.1)
          .dense(7, Activation.GELU)
          .batchNorm()
          .dense(5, Activation.RELU)
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private StandIn driver;
  private CudaDevice gpu;
  private long locked;

  @BeforeEach
  void open() {
    driver = StandIn.fresh();
    driver.order("devices", 2);
    locked = driver.count("locked");
    gpu = CudaDevice.open(CudaGpu.at(GPU));
  }

  @AfterEach
  void close() {
    if (driver != null) {
      gpu.close();
      driver.reset();
      assertEquals(0, live());
    }
  }

  private long live() {
    return driver.count("live " + GPU);
  }

  /** Everything that takes memory in its own way: a second forward, a disk. */
  private static TrainingPlan plan() {
    Schedule schedule = Recomputation.ALWAYS.in(Schedules.generate("1f1b", 2, 2));
    return new TrainingPlan(
        "",
        Updater.adam(0.01).toJson(),
        List.of(0, 4),
        TrainingPlan.lowerAndVerify(Offloading.in(schedule)),
        8,
        2,
        7);
  }

  private void run(IntFunction<ComputeDevice> devices, Progress progress) throws Exception {
    LocalPipeline.ofClasses(NETWORK, 16, 6, 3, 1)
        .on(devices)
        .run(plan(), Optional.empty(), InitialState.BORN, progress);
  }

  /** The failure of a run on the GPU alone, which is left as it was before. */
  private CudaException failure() {
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> run(rank -> gpu, report -> {}));
    return assertInstanceOf(CudaException.class, failed.getCause());
  }

  /** What a call had in its hands when it failed is the collector's. */
  private void assertNothingIsLeft() {
    while (live() > 0) {
      System.gc();
      Thread.onSpinWait();
    }
    assertNoThreadIsLeft();
  }

  private static void assertNoThreadIsLeft() {
    for (Thread each : Thread.getAllStackTraces().keySet()) {
      if (each.getName().matches("penstock-(offload|to-device|from-device).*")) {
        join(each);
      }
    }
  }

  private static void join(Thread ended) {
    try {
      ended.join();
    } catch (InterruptedException timeout) {
      throw new IllegalStateException(ended + " is left", timeout);
    }
  }

  /** What the ranks failed of besides the first cause. */
  private static Stream<Throwable> others(ExecutionException failed) {
    return Arrays.stream(failed.getSuppressed()).map(Throwable::getCause);
  }

  @Test
  void aGoodRunLeavesNothing() throws Exception {
    run(rank -> gpu, report -> {});
    assertNothingIsLeft();
    gpu.close();
    assertEquals(locked, driver.count("locked"));
  }

  /** The first allocations are a rank's weights, before its run. */
  @Test
  void memoryThatRunsOutAtAnyTimeEndsTheRunAndIsFree() throws Exception {
    long before = driver.count("allocated");
    run(rank -> gpu, report -> {});
    long all = driver.count("allocated") - before;
    for (long at = 1; at <= all; at += 1 + all / 8) {
      driver.order("failAllocation", at);
      CudaException cause = failure();
      assertEquals(Trouble.MEMORY, cause.trouble(), "at " + at);
      assertTrue(cause.getMessage().contains("CUDA_ERROR_OUT_OF_MEMORY"), cause::getMessage);
      assertTrue(cause.getMessage().contains("are wanted"), cause::getMessage);
      assertTrue(cause.getMessage().contains("more stages"), cause::getMessage);
      assertNothingIsLeft();
    }
    driver.order("failAllocation", 0);
    run(rank -> gpu, report -> {});
    assertNothingIsLeft();
  }

  @Test
  void aKernelThatTheDriverDoesNotFindIsNamed() {
    driver.hide("backward_gelu");
    CudaException cause = failure();
    assertEquals(Trouble.IMAGE, cause.trouble());
    assertTrue(cause.getMessage().contains("backward_gelu"), cause::getMessage);
    assertTrue(cause.getMessage().contains("updated"), cause::getMessage);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 20, 57, 110})
  void aGpuThatIsLostEndsTheRunAndAsksForAnotherProcess(long launch) {
    driver.order("loseAtLaunch", launch);
    CudaException cause = failure();
    assertEquals(Trouble.LOST, cause.trouble());
    assertTrue(cause.getMessage().contains("CUDA_ERROR_LAUNCH_FAILED"), cause::getMessage);
    assertTrue(cause.getMessage().contains("executor has to be replaced"), cause::getMessage);
    CudaException again = failure();
    assertEquals(Trouble.LOST, again.trouble(), "in this process it stays lost");
    assertNoThreadIsLeft();
  }

  @Test
  void aPeerOnAnotherDeviceHearsTheCause() {
    driver.order("loseAtLaunch", 30);
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () -> run(rank -> rank == 0 ? ComputeDevice.PROCESSOR : gpu, report -> {}));
    assertEquals(Trouble.LOST, assertInstanceOf(CudaException.class, failed.getCause()).trouble());
    List<Throwable> peers = others(failed).toList();
    assertEquals(1, peers.size());
    Throwable heard = assertInstanceOf(LinkException.class, peers.get(0));
    assertTrue(heard.getMessage().contains("CUDA_ERROR_LAUNCH_FAILED"), heard::getMessage);
    assertNoThreadIsLeft();
  }

  @Test
  void aRunThatSomebodyEndsLeavesNothing() {
    Progress ending =
        report -> {
          throw new IllegalStateException("ended");
        };
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> run(rank -> gpu, ending));
    assertInstanceOf(IllegalStateException.class, failed.getCause());
    assertNothingIsLeft();
  }

  @Test
  void aRunThatIsInterruptedLeavesNothing() {
    Progress interrupting =
        new Progress() {
          @Override
          public void stepDone(StepReport report) {
            Thread.currentThread().interrupt();
          }

          @Override
          public void epochDone(EpochReport report) {}
        };
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> run(rank -> gpu, interrupting));
    assertInstanceOf(InterruptedException.class, failed.getCause());
    assertNothingIsLeft();
  }

  @Test
  void numbersThatGoBadLeaveNothing() {
    Blast.Sequel bad =
        new Blast(Blast.Way.FORWARD, step -> step == 1, 0, Double.NaN).before(NETWORK, 3);
    LocalPipeline rows = LocalPipeline.ofClasses(bad.network(), 16, 6, 3, 1).on(gpu);
    ExecutionException failed = assertThrows(ExecutionException.class, () -> rows.run(plan()));
    assertInstanceOf(DivergedException.class, failed.getCause());
    assertNothingIsLeft();
  }

  @Test
  void aGpuThatIsTooOldIsRefusedBeforeARun() {
    driver.order("capability", 61);
    CudaException refused =
        assertThrows(CudaException.class, () -> CudaDevice.open(CudaGpu.at(GPU)));
    assertEquals(Trouble.CAPABILITY, refused.trouble());
    assertTrue(refused.getMessage().contains("6.1"), refused::getMessage);
    assertTrue(refused.getMessage().contains("requireGpu"), refused::getMessage);
  }
}
