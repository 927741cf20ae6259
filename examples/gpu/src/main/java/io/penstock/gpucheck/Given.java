package io.penstock.gpucheck;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.DeviceMemory;
import io.penstock.array.NativeArrays;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays of one run of a check, on a device or the host: the same floats for the same seed, and in
 * the end the results that there are to compare. For one thread.
 */
final class Given implements AutoCloseable {
  private final DeviceMemory memory;
  private final DataType type;
  private final Random random;
  private final List<INDArray> arrays = new ArrayList<>();
  private final List<INDArray> undefined = new ArrayList<>();
  private final List<Double> results = new ArrayList<>();

  Given(ComputeDevice device, long seed) {
    this.memory = device.memory();
    this.type = memory == null ? DataType.DOUBLE : DataType.FLOAT;
    this.random = new Random(seed);
  }

  boolean isOnDevice() {
    return memory != null;
  }

  /** Makes an array of normally distributed numbers. */
  INDArray random(long... shape) {
    return random('c', shape);
  }

  /** Makes such an array in this memory order. */
  INDArray random(char order, long... shape) {
    return array(order, () -> (float) random.nextGaussian(), shape);
  }

  /** Makes an array of numbers between 0.5 and 1.5, for scales and variances. */
  INDArray positive(long... shape) {
    return array('c', () -> 0.5f + random.nextFloat(), shape);
  }

  /** Makes an array to be overwritten: so far it is NaN, or not numbers that anybody wants. */
  INDArray room(long... shape) {
    return array('c', () -> Float.NaN, shape);
  }

  /** Makes a vector that only operations of one kind write and read. */
  INDArray scratch(long length) {
    INDArray scratch = room(length);
    undefined(scratch);
    return scratch;
  }

  /** Makes a vector of these numbers. */
  INDArray of(float... numbers) {
    int[] next = {0};
    return array('c', () -> numbers[next[0]++], numbers.length);
  }

  /** Whole numbers from 0 up to a bound, or -1 now and then. */
  int[] ids(int count, int bound) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = random.nextInt(9) == 0 ? -1 : random.nextInt(bound);
    }
    return ids;
  }

  private interface Source {
    float next();
  }

  private INDArray array(char order, Source source, long... shape) {
    INDArray array = NativeArrays.array(memory, type, order, shape);
    float[] numbers = new float[Math.toIntExact(array.length())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = source.next();
    }
    write(numbers, array);
    arrays.add(array);
    return array;
  }

  private void write(float[] numbers, INDArray array) {
    DataType host = memory == null ? type : DataType.FLOAT;
    INDArray written = memory == null ? array : NativeArrays.array(host, 'c', numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      if (memory == null) {
        Doubles.of(written).put(i, numbers[i]);
      } else {
        written.putScalar(i, (double) numbers[i]);
      }
    }
    if (memory != null) {
      memory.toDevice(
          written.data().pointer().address(),
          DeviceBuffer.address(array),
          (long) numbers.length * Float.BYTES);
    }
  }

  /** Says that an array's numbers are undefined in the end. */
  void undefined(INDArray array) {
    undefined.add(array);
  }

  /** Adds a number that was returned to what is compared. */
  void result(double number) {
    results.add(number);
  }

  /** Makes weights of one array. */
  static Weights weights(INDArray array) {
    return new Weights() {
      @Override
      public INDArray get(String name) {
        return array;
      }

      @Override
      public <K, T extends Derived> T derived(K key, BiFunction<Weights, K, T> make) {
        T made = make.apply(this, key);
        made.refresh();
        return made;
      }
    };
  }

  /** Returns what there is to compare: the numbers of each array as they lie, and the results. */
  List<double[]> numbers() {
    List<double[]> all = new ArrayList<>();
    for (INDArray array : arrays) {
      if (!undefined.contains(array)) {
        all.add(numbers(array));
      }
    }
    all.add(results.stream().mapToDouble(Double::doubleValue).toArray());
    return all;
  }

  /** Copies an array's numbers to the heap, as they lie. */
  static double[] numbers(INDArray array) {
    DeviceMemory memory = DeviceBuffer.memory(array);
    if (memory == null) {
      return Doubles.of(array).copy();
    }
    double[] numbers = new double[Math.toIntExact(array.length())];
    INDArray read = NativeArrays.array(DataType.FLOAT, 'c', numbers.length);
    memory.toHost(
        DeviceBuffer.address(array),
        read.data().pointer().address(),
        (long) numbers.length * Float.BYTES);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = read.getDouble(i);
    }
    NativeArrays.release(read);
    return numbers;
  }

  @Override
  public void close() {
    arrays.forEach(NativeArrays::release);
  }
}
