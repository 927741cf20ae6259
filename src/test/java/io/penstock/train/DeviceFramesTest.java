package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.link.LinkPrecision;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TappedDevice.Call;
import io.penstock.train.TappedDevice.Tap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of ranks that compute on a device, in whole runs whose copies are watched. */
@Timeout(40)
class DeviceFramesTest {
  private static final Sequential NETWORK =
      Sequential.input(6)
          .save("x")
          .dense(9, Activation.TANH)
          .dense(6, Activation.TANH)
          .addSaved("x")
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static TrainingPlan plan(Sequential network, List<Integer> cut, LinkPrecision precision) {
    return new TrainingPlan(
            "",
            Updater.sgd(0.1).toJson(),
            cut,
            TrainingPlan.lowerAndVerify(Schedules.generate("gpipe", cut.size(), 4)),
            12,
            1,
            7)
        .withLinkPrecision(precision);
  }

  private static LocalPipeline pipeline(TappedDevice device) {
    return LocalPipeline.ofClasses(NETWORK, 24, 6, 3, 1).on(device);
  }

  private static void await(CountDownLatch event) {
    try {
      event.await();
    } catch (InterruptedException ended) {
      throw new IllegalStateException(ended);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStageGoesOnWhileItsFramesAreOnTheirWayToTheHost(LinkPrecision precision) throws Exception {
    CountDownLatch second = new CountDownLatch(2);
    Through counted =
        new Through(
            (input, memory) -> {
              second.countDown();
              return memory.copy(input);
            },
            (gradient, memory) -> memory.copy(gradient));
    Sequential network =
        Sequential.input(6)
            .dense(6)
            .layer(counted)
            .dense(3)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    TappedDevice device =
        new TappedDevice(
            call -> {
              if (TappedDevice.copies() && call == Call.TO_HOST) {
                await(second); // the first frame leaves when the next forward has begun
              }
            });
    LocalPipeline.ofClasses(network, 24, 6, 3, 1)
        .on(device)
        .run(plan(network, List.of(0, 2), precision));
  }

  @Test
  void copiesRunOnThreadsOfTheirOwn() throws Exception {
    AtomicInteger beside = new AtomicInteger();
    TappedDevice device =
        new TappedDevice(
            call -> beside.addAndGet(TappedDevice.copies() && call == Call.TO_HOST ? 1 : 0));
    pipeline(device).run(plan(NETWORK, List.of(0, 2), LinkPrecision.FLOAT32));
    // Two steps of four micro-batches, each an activation, a gradient, and both of the skip.
    assertEquals(2 * 4 * 4, beside.get());
  }

  /** Fails at one of the calls that copying threads make, all counted together. */
  private static final class Failing implements Tap {
    private final int at;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<RuntimeException> thrown = new AtomicReference<>();

    Failing(int at) {
      this.at = at;
    }

    @Override
    public void before(Call call) {
      if (TappedDevice.copies() && calls.incrementAndGet() == at) {
        thrown.set(new IllegalStateException(call + " fails, call " + at));
        throw thrown.get();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void wheneverACopyFailsTheRunEndsWithThatAndFreesItsMemory(LinkPrecision precision)
      throws Exception {
    TrainingPlan plan = plan(NETWORK, List.of(0, 2), precision);
    int ended = 0;
    for (int at = 1; ; at++) {
      Failing failing = new Failing(at);
      TappedDevice device = new TappedDevice(failing);
      try {
        pipeline(device).run(plan);
        assertEquals(null, failing.thrown.get(), "a run has ended well in spite of");
        break;
      } catch (ExecutionException failure) {
        assertSame(failing.thrown.get(), failure.getCause());
      }
      assertFreed(device);
      ended++;
    }
    assertTrue(ended > 30, ended + " runs have ended");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13, 21, 34})
  void aRunThatIsCancelledWhileCopiesAreUnderWayFreesItsMemory(int at) throws Exception {
    AtomicBoolean cancelled = new AtomicBoolean();
    CountDownLatch known = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    TappedDevice device =
        new TappedDevice(
            call -> {
              if (TappedDevice.copies() && calls.incrementAndGet() == at) {
                cancelled.set(true);
                await(known);
              }
            });
    ExecutionException failure =
        assertThrows(
            ExecutionException.class,
            () ->
                pipeline(device)
                    .run(
                        plan(NETWORK, List.of(0, 2), LinkPrecision.BFLOAT16),
                        Optional.empty(),
                        InitialState.BORN,
                        report -> {},
                        () -> {
                          boolean over = cancelled.get();
                          if (over) {
                            known.countDown();
                          }
                          return over;
                        }));
    assertInstanceOf(InterruptedException.class, failure.getCause());
    assertFreed(device);
  }

  private static void assertFreed(TappedDevice device) throws InterruptedException {
    assertEquals(0, device.bytes(), "bytes of the device");
    assertEquals(0, device.locked(), "pieces of page-locked memory");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().matches("penstock-(to|from)-device-.*")) {
        // Its work is over; the thread itself ends a moment later.
        thread.join(60_000);
        assertFalse(thread.isAlive(), thread.getName());
      }
    }
  }
}
