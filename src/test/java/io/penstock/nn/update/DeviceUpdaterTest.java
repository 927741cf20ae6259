package io.penstock.nn.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.DeviceMemory;
import io.penstock.array.NativeArrays;
import io.penstock.checkpoint.LayerState;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.FarDevice;
import io.penstock.nn.Data;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** Optimizers whose weights lie on a device: their steps are those of the processor. */
class DeviceUpdaterTest {
  private static final int STEPS = 4;
  private static final List<ParameterSpec> SPECS =
      List.of(
          new ParameterSpec("w", List.of(5L, 7L), Initializer.scaled(5, 1)),
          new ParameterSpec("b", List.of(7L), Initializer.constant(0.1)));

  /** Those that compute has a rule for: their state lies beside the weights. */
  private static final Set<Class<?>> WITH_A_RULE =
      Set.of(Sgd.class, Nesterovs.class, Adam.class, AMSGrad.class, Nadam.class);

  static Stream<IUpdater> all() {
    return Stream.concat(
        UpdateRuleTest.all(), Stream.of(new Adam(0.1), new AMSGrad(0.1), new Nadam(0.1)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void stepsOnADeviceAreThoseOfTheProcessorBitForBit(IUpdater config) {
    UpdateOptions clipping = UpdateOptions.NONE.withClipValue(0.5);
    for (UpdateOptions options : List.of(UpdateOptions.NONE, clipping)) {
      Updater updater = Updater.of(config).with(options);
      FarDevice device = new FarDevice();
      LayerState here = steps(updater, ComputeDevice.PROCESSOR);
      LayerState there = steps(updater, device);
      assertSame(device, DeviceBuffer.memory(there.weights().flat()));
      if (!there.optimizer().isEmpty()) {
        DeviceMemory wanted = WITH_A_RULE.contains(config.getClass()) ? device : null;
        assertSame(wanted, DeviceBuffer.memory(there.optimizer()));
      }
      assertSameNumbers(here, there, config);
      there.close();
      assertEquals(0, device.bytes());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void stateIsCopiedToTheHostAndBack(IUpdater config) {
    FarDevice device = new FarDevice();
    LayerState live = steps(Updater.of(config), device);
    LayerState copy = live.copy();
    assertEquals(null, DeviceBuffer.memory(copy.weights().flat()));
    assertEquals(null, copy.optimizer().isEmpty() ? null : DeviceBuffer.memory(copy.optimizer()));
    assertSameNumbers(copy, live, config);
    LayerState other = steps(Updater.of(config), device, 1);
    copy.copyTo(other);
    assertSameNumbers(copy, other, config);
    live.copyTo(copy);
    assertSameNumbers(copy, live, config);
    live.close();
    other.close();
    assertEquals(0, device.bytes());
  }

  private static LayerState steps(Updater updater, ComputeDevice device) {
    return steps(updater, device, STEPS);
  }

  private static LayerState steps(Updater updater, ComputeDevice device, int steps) {
    Parameters weights = Parameters.initial(SPECS, 1, 0).movedTo(device.memory());
    Parameters gradients = Parameters.zeros(SPECS, device.memory());
    Updater.State state = updater.newState(weights);
    Compute compute = device.open(DataType.FLOAT);
    for (int step = 0; step < steps; step++) {
      NativeArrays.copy(Data.random(step, DataType.FLOAT, weights.size()), gradients.flat());
      state.apply(weights, gradients, step, 0, compute);
    }
    gradients.close();
    INDArray best = NativeArrays.like(weights.flat());
    NativeArrays.copy(weights.flat(), best);
    return new LayerState(weights, state.flat(), Optional.of(best));
  }

  private static void assertSameNumbers(LayerState expected, LayerState actual, Object what) {
    Data.assertSameBits(
        onHost(expected.weights().flat()), onHost(actual.weights().flat()), what + "");
    Data.assertSameBits(
        onHost(expected.best().get()), onHost(actual.best().get()), what + ": best");
    if (!expected.optimizer().isEmpty()) {
      Data.assertSameBits(
          onHost(expected.optimizer()).reshape(-1),
          onHost(actual.optimizer()).reshape(-1),
          what + ": state");
    }
  }

  private static INDArray onHost(INDArray array) {
    return NativeArrays.onHost(array);
  }
}
