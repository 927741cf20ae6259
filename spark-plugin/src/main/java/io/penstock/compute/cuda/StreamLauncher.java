package io.penstock.compute.cuda;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.penstock.array.DeviceBuffer;
import io.penstock.array.DeviceMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Launches of kernels on one device, on the stream of the thread that uses it. Arguments lie in
 * native memory that is taken once, 8 bytes each. For one thread.
 */
final class StreamLauncher implements Launcher {
  /** Threads of a block where there is one for each number. */
  static final int THREADS = 256;

  private static final int MOST_ARGUMENTS = 64;
  private static final int MOST_BLOCKS_ACROSS = 65_535;

  private final CudaDevice device;
  private final ScratchSlots scratch;
  private final Map<String, Kernel> kernels = new HashMap<>();
  private final ByteBuffer arguments = ByteBuffer.allocateDirect(MOST_ARGUMENTS * Long.BYTES);
  private final ByteBuffer places = ByteBuffer.allocateDirect(MOST_ARGUMENTS * Long.BYTES);
  private final long parameters;

  /** Arrays that were passed, which the collector must not free before the launch. */
  private final INDArray[] held = new INDArray[MOST_ARGUMENTS];

  private Kernel kernel;
  private int passed;

  StreamLauncher(CudaDevice device) {
    this.device = device;
    this.scratch = new ScratchSlots(device);
    arguments.order(ByteOrder.nativeOrder());
    places.order(ByteOrder.nativeOrder());
    long first = Pointer.nativeValue(Native.getDirectBufferPointer(arguments));
    for (int i = 0; i < MOST_ARGUMENTS; i++) {
      places.putLong(i * Long.BYTES, first + i * (long) Long.BYTES);
    }
    this.parameters = Pointer.nativeValue(Native.getDirectBufferPointer(places));
  }

  @Override
  public Launcher kernel(String name) {
    Kernel known = kernels.get(name);
    if (known == null) {
      known = device.kernels().get(name);
      kernels.put(name, known);
    }
    kernel = known;
    passed = 0;
    return this;
  }

  @Override
  public Launcher array(INDArray array) {
    return array(array, 0);
  }

  @Override
  public Launcher array(INDArray array, long at) {
    if (array.isEmpty()) {
      return nothing();
    }
    DeviceMemory memory = DeviceBuffer.memory(array);
    if (!device.equals(memory)) {
      throw new IllegalArgumentException(
          "Kernel "
              + kernel.name()
              + " runs on "
              + device
              + ", and argument "
              + passed
              + " lies in the memory of "
              + (memory == null ? "the host" : memory.name())
              + "; it has to be copied first.");
    }
    held[passed] = array;
    return address(DeviceBuffer.address(array) + at * Float.BYTES);
  }

  @Override
  public Launcher nothing() {
    return address(0);
  }

  private Launcher address(long address) {
    arguments.putLong(next(Kernel.LONG), address);
    return this;
  }

  @Override
  public Launcher whole(long value) {
    arguments.putLong(next(Kernel.LONG), value);
    return this;
  }

  @Override
  public Launcher choice(int value) {
    arguments.putInt(next(Kernel.INT), value);
    return this;
  }

  @Override
  public Launcher number(double value) {
    arguments.putFloat(next(Kernel.FLOAT), (float) value);
    return this;
  }

  @Override
  public Launcher precise(double value) {
    arguments.putDouble(next(Kernel.DOUBLE), value);
    return this;
  }

  private int next(char type) {
    kernel.check(passed, type);
    return passed++ * Long.BYTES;
  }

  @Override
  public void each(long count) {
    blocks((count + THREADS - 1) / THREADS, THREADS);
  }

  @Override
  public void blocks(long count, int threads) {
    grid(count, 1, 1, threads, 1);
  }

  @Override
  public void grid(long x, long y, long z, int threadsX, int threadsY) {
    kernel.checkCount(passed);
    if (x == 0 || y == 0 || z == 0) {
      return;
    }
    if (x < 0
        || x > Integer.MAX_VALUE
        || y < 0
        || y > MOST_BLOCKS_ACROSS
        || z < 0
        || z > MOST_BLOCKS_ACROSS) {
      throw new IllegalArgumentException(
          "Kernel "
              + kernel.name()
              + " cannot be launched in a grid of "
              + x
              + " x "
              + y
              + " x "
              + z
              + ": a GPU takes 2^31 - 1 along x, and 65535 along y and z.");
    }
    device.enter();
    int result =
        Driver.cuLaunchKernel(
            kernel.function(),
            (int) x,
            (int) y,
            (int) z,
            threadsX,
            threadsY,
            1,
            0,
            Driver.OWN_STREAM,
            parameters,
            0);
    Arrays.fill(held, 0, passed, null);
    if (result != 0) {
      throw device.failure(result, "cuLaunchKernel", "The kernel was " + kernel.name() + ".");
    }
  }

  @Override
  public INDArray scratch(int slot, long floats) {
    return scratch.get(slot, floats);
  }

  @Override
  public INDArray upload(int slot, int[] numbers) {
    INDArray room = scratch.get(slot, numbers.length);
    device.through(staging -> staging.send(numbers, DeviceBuffer.address(room)));
    return room;
  }

  @Override
  public INDArray upload(int slot, float[] numbers) {
    INDArray room = scratch.get(slot, numbers.length);
    device.through(staging -> staging.send(numbers, DeviceBuffer.address(room)));
    return room;
  }

  @Override
  public float[] download(INDArray array) {
    float[] numbers = new float[Math.toIntExact(array.length())];
    if (numbers.length > 0) {
      device.through(staging -> staging.fetch(DeviceBuffer.address(array), numbers));
    }
    return numbers;
  }

  /** Returns the bytes of the device's memory that its scratch memory takes. */
  long scratchBytes() {
    return scratch.bytes();
  }

  /** Frees scratch memory. */
  void clear() {
    scratch.clear();
  }
}
