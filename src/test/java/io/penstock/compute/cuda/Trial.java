package io.penstock.compute.cuda;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.NativeArrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A device of the stand-in with the kernels of {@code trial.cu}, for one test. */
final class Trial implements AutoCloseable {
  /** The stand-in reads of PTX which kernels it declares. */
  static final Ptx KERNELS =
      Ptx.of(
          "trial.ptx",
          """
          .version 6.4
          .entry trial_scale(.param .u64 a, .param .u64 b, .param .u64 c, .param .u32 d,
            .param .f32 e, .param .f64 f) {}
          .entry trial_sum(.param .u64 a, .param .u64 b, .param .u64 c) {}
          .entry trial_alone(.param .u64 a) {}
          .entry trial_beside(.param .u64 a, .param .u64 b) {}
          .entry trial_race(.param .u64 a) {}
          .entry trial_absent() {}
          """);

  final StandIn driver = StandIn.fresh();
  final CudaDevice device;
  final StreamLauncher launcher;

  Trial() {
    this(0);
  }

  Trial(int ordinal) {
    device = CudaDevice.open(CudaGpu.at(ordinal), () -> List.of(KERNELS));
    launcher = new StreamLauncher(device);
  }

  INDArray array(long length) {
    return NativeArrays.array(device, DataType.FLOAT, 'c', length);
  }

  INDArray array(float... numbers) {
    INDArray array = array((long) numbers.length);
    try (FloatPointer host = new FloatPointer(numbers)) {
      device.toDevice(
          host.address(), DeviceBuffer.address(array), (long) numbers.length * Float.BYTES);
    }
    return array;
  }

  /** Asks for all numbers to be multiplied. */
  void scale(INDArray numbers, double factor) {
    launcher
        .kernel("trial_scale")
        .array(numbers)
        .nothing()
        .whole(numbers.length())
        .choice(0)
        .number(factor)
        .precise(0)
        .each(numbers.length());
  }

  float[] numbers(INDArray array) {
    return launcher.download(array);
  }

  @Override
  public void close() {
    launcher.clear();
    device.close();
  }
}
