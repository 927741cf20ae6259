package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.compute.ComputeDevice;
import io.penstock.compute.FarDevice;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where arrays lie changes no bit: on a device that computes by the processor's own kernels, in a
 * memory that the host cannot read, a run learns what it does on the processor.
 */
@Timeout(300)
class DeviceEqualityTest {
  @TempDir Path directory;

  static Stream<DeviceCase> cases() {
    return Stream.concat(DeviceCase.networks(), WaysToRun.all());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDeviceLearnsWhatTheProcessorDoesAndHoldsNothingInTheEnd(DeviceCase one) throws Exception {
    FarDevice device = new FarDevice();
    one.run(ComputeDevice.PROCESSOR).assertSame(one.run(device), one.name());
    assertEquals(0, device.bytes());
  }

  /** One process uses both. */
  @ParameterizedTest
  @MethodSource("cases")
  void aStageOnADeviceGoesTogetherWithOneOnTheProcessor(DeviceCase one) throws Exception {
    FarDevice device = new FarDevice();
    IntFunction<ComputeDevice> mixed = rank -> rank % 2 == 0 ? device : ComputeDevice.PROCESSOR;
    one.run(ComputeDevice.PROCESSOR).assertSame(one.run(mixed), one.name());
    assertEquals(0, device.bytes());
  }

  @Test
  void aCheckpointOfADeviceIsReadByTheProcessorAndTheOtherWayRound() throws Exception {
    DeviceCase one = DeviceCase.networks().reduce((first, last) -> last).orElseThrow();
    DeviceOutcome whole = one.run(ComputeDevice.PROCESSOR);
    for (boolean deviceFirst : new boolean[] {true, false}) {
      FarDevice device = new FarDevice();
      ComputeDevice first = deviceFirst ? device : ComputeDevice.PROCESSOR;
      ComputeDevice second = deviceFirst ? ComputeDevice.PROCESSOR : device;
      String name = directory.resolve("from-" + deviceFirst).toUri().toString();
      OneCheckpoint checkpoint = new OneCheckpoint(name, 2, one.plan().ranks());
      ExecutionException killed =
          assertThrows(
              ExecutionException.class,
              () ->
                  one.rows()
                      .on(first)
                      .run(one.plan(), Optional.empty(), InitialState.BORN, checkpoint));
      assertInstanceOf(OneCheckpoint.Killed.class, killed.getCause());
      DeviceOutcome wentOn = one.run(rank -> second, checkpoint.saved());
      whole.assertSameWeights(wentOn, "from " + first + " to " + second);
      assertEquals(0, device.bytes());
    }
  }
}
