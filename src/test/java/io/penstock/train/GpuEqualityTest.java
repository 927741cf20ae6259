package io.penstock.train;

import io.penstock.compute.ComputeDevice;
import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.StandIn;
import io.penstock.link.LinkPrecision;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rule that guards everything, on the stand-in of a GPU: any number of stages under any
 * schedule learns bit for bit what one stage does there, and nearly what the processor does.
 */
@Timeout(300)
@Tag("slow")
class GpuEqualityTest {
  private static CudaDevice gpu;

  @BeforeAll
  static void open() {
    StandIn.fresh();
    gpu = StandIn.device();
  }

  @AfterAll
  static void close() {
    if (gpu != null) {
      gpu.close();
    }
  }

  private static Schedule one() {
    return Schedules.generate("gpipe", 1, DeviceCase.MICRO_BATCHES);
  }

  private static Stream<Schedule> some() {
    return Stream.of(
        Schedules.generate("1f1b", 3, DeviceCase.MICRO_BATCHES),
        Recomputation.ALWAYS.in(Schedules.generate("zb-h1", 2, DeviceCase.MICRO_BATCHES)),
        Schedules.generate("zb-v", 2, DeviceCase.MICRO_BATCHES));
  }

  static Stream<DeviceCase> networks() {
    return DeviceCase.networks();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void stagesAndSchedulesChangeNoBit(DeviceCase network) throws Exception {
    DeviceOutcome expected = network.under(one()).run(gpu);
    network.under(one()).run(ComputeDevice.PROCESSOR).assertNear(expected, 1e-3, network.name());
    for (Schedule schedule : some().toList()) {
      expected.assertSame(network.under(schedule).run(gpu), network + ", " + schedule.name());
    }
  }

  static Stream<DeviceCase> ways() {
    return WaysToRun.all();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void everyWayToRunLearnsTheSameTwiceAndNearlyWhatTheProcessorDoes(DeviceCase way)
      throws Exception {
    DeviceOutcome first = way.run(gpu);
    boolean narrow = way.plan().linkPrecision() != LinkPrecision.FLOAT32;
    way.run(ComputeDevice.PROCESSOR).assertNear(first, narrow ? 2e-2 : 1e-3, way.name());
    first.assertSame(way.run(gpu), way.name());
  }

  static Stream<LayerCase> layers() {
    return LayerCase.all();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void firstAndLastOfAStageChangeNoBit(LayerCase layer) throws Exception {
    DeviceCase network = DeviceCase.ofLayer(layer);
    DeviceOutcome expected = network.under(one()).run(gpu);
    Schedule two = Schedules.generate("zb-h1", 2, DeviceCase.MICRO_BATCHES);
    Schedule four = Schedules.generate("zb-v", 2, DeviceCase.MICRO_BATCHES);
    expected.assertSame(network.under(two, layer.starts(2, true)).run(gpu), layer + " first");
    expected.assertSame(network.under(four, layer.starts(4, false)).run(gpu), layer + " last");
  }

  /** One stage on the processor and the other on the GPU, over sockets. */
  @ParameterizedTest
  @MethodSource("networks")
  void aStageOnTheProcessorGoesTogetherWithOneOnTheGpu(DeviceCase network) throws Exception {
    IntFunction<ComputeDevice> mixed = rank -> rank == 0 ? ComputeDevice.PROCESSOR : gpu;
    network
        .run(ComputeDevice.PROCESSOR)
        .assertNear(network.overSockets().run(mixed), 1e-3, network.name());
  }
}
