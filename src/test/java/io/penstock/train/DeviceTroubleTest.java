package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.FarDevice;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A device that fails at any call, an allocation, a copy or an operation, ends the run. */
@Timeout(300)
class DeviceTroubleTest {
  private static final int TIMES = 9;

  static Stream<DeviceCase> cases() {
    return Stream.concat(
        DeviceCase.networks().filter(one -> one.name().contains("mixed")),
        WaysToRun.all().filter(one -> one.name().matches("offload|sockets")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRunEndsWithItsCauseAndLeavesNothing(DeviceCase one) throws Exception {
    FarDevice good = new FarDevice();
    one.run(good);
    assertEquals(0, good.bytes());
    for (long at = 1; at < good.calls(); at += 1 + good.calls() / TIMES) {
      FarDevice failing = new FarDevice().failingAt(at);
      ExecutionException failed = assertThrows(ExecutionException.class, () -> one.run(failing));
      // Of what fails beside a rank, on its way to the link, the rank hears by the link.
      assertTrue(failed.toString().contains("the far device fails"), failed::toString);
      while (failing.bytes() > 0) { // what a call had in its hands is the collector's
        System.gc();
        Thread.onSpinWait();
      }
    }
  }
}
