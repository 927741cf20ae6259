package io.penstock.array;

import io.penstock.Amount;
import java.lang.ref.Reference;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies of arrays from, to and within the memory of a device. Arrays that lie densely in one order
 * are copied as they lie; all others by way of the host, which has an operation for them.
 * Stateless.
 */
final class DeviceCopy {
  private DeviceCopy() {}

  /** Copies an array's numbers to another of its shape, one of which lies on a device. */
  static INDArray copy(INDArray from, INDArray to) {
    if (from.isEmpty()) {
      return to;
    }
    if (from.length() != to.length()) {
      throw new IllegalArgumentException(
          "An array of "
              + new Amount(from.length(), "number")
              + " cannot be copied to one of "
              + to.length()
              + ".");
    }
    if (isFloat(from) && isFloat(to) && lieAlike(from, to)) {
      copyDense(from, to);
    } else {
      copyByHost(from, to);
    }
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
    return to;
  }

  /** Returns the order in which an array's numbers lie without gaps, if they do; else 'c'. */
  static char order(INDArray array) {
    return !NativeArrays.isDense(array, 'c') && NativeArrays.isDense(array, 'f') ? 'f' : 'c';
  }

  private static boolean isFloat(INDArray array) {
    return array.dataType() == DataType.FLOAT;
  }

  private static boolean lieAlike(INDArray from, INDArray to) {
    return both('c', from, to) || both('f', from, to);
  }

  private static boolean both(char order, INDArray from, INDArray to) {
    return NativeArrays.isDense(from, order) && NativeArrays.isDense(to, order);
  }

  private static void copyDense(INDArray from, INDArray to) {
    DeviceMemory source = DeviceBuffer.memory(from);
    DeviceMemory target = DeviceBuffer.memory(to);
    long bytes = NativeArrays.bytes(from);
    if (source == null) {
      target.toDevice(host(from), DeviceBuffer.address(to), bytes);
    } else if (target == null) {
      source.toHost(DeviceBuffer.address(from), host(to), bytes);
    } else if (source == target) {
      source.copy(DeviceBuffer.address(from), DeviceBuffer.address(to), bytes);
    } else {
      copyByHost(from, to);
    }
  }

  /** Copies numbers that lie otherwise, or are of another type, or lie on two devices. */
  private static void copyByHost(INDArray from, INDArray to) {
    INDArray read = NativeArrays.isOnDevice(from) ? extent(from) : from;
    if (!NativeArrays.isOnDevice(to)) {
      to.assign(read);
    } else {
      INDArray written = NativeArrays.array(DataType.FLOAT, order(to), to.shape());
      written.assign(read);
      requireDense(to);
      copyDense(written, to);
      NativeArrays.release(written);
    }
  }

  /** Returns a copy of an array in the host's memory, which lies with the same gaps. */
  private static INDArray extent(INDArray array) {
    long last = 0;
    for (int d = 0; d < array.rank(); d++) {
      last += (array.size(d) - 1) * array.stride(d);
    }
    INDArray all = NativeArrays.array(DataType.FLOAT, 'c', last + 1);
    DeviceBuffer.memory(array)
        .toHost(DeviceBuffer.address(array), host(all), NativeArrays.bytes(all));
    return Nd4j.create(all.data(), array.shape(), array.stride(), 0, array.ordering());
  }

  private static void requireDense(INDArray array) {
    if (!NativeArrays.isDense(array, order(array))) {
      throw new IllegalArgumentException(
          "An array on "
              + DeviceBuffer.memory(array).name()
              + " that has gaps cannot be written to.");
    }
  }

  /** Returns the address of the first number of an array of the host's. */
  static long host(INDArray array) {
    Pointer memory = array.data().pointer();
    return memory.address() + array.offset() * array.dataType().width();
  }
}
