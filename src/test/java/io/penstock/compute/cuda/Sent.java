package io.penstock.compute.cuda;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Matrices;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.compute.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arguments of one call, as they were sent to a device: of every array the whole buffer that it is
 * a view of, once, so that arrays that share memory share it there too. For one thread.
 */
final class Sent implements AutoCloseable {
  private record Copy(DataBuffer host, INDArray device) {
    long bytes() {
      return host.length() * Float.BYTES;
    }
  }

  private final CudaDevice device;
  private final Map<Long, Copy> copies = new HashMap<>();
  private final List<Weights.Derived> derived = new ArrayList<>();

  Sent(CudaDevice device) {
    this.device = device;
  }

  Object[] all(Object[] arguments) {
    Object[] passed = new Object[arguments.length];
    for (int i = 0; i < passed.length; i++) {
      passed[i] = one(arguments[i]);
    }
    return passed;
  }

  private Object one(Object argument) {
    if (argument instanceof INDArray array) {
      return array(array);
    } else if (argument instanceof Weights weights) {
      return weights(weights);
    } else if (argument instanceof Matrices m) {
      return new Matrices(
          array(m.array()),
          m.at(),
          m.rows(),
          m.rowStep(),
          m.heads(),
          m.headStep(),
          m.height(),
          m.width(),
          m.leading());
    } else if (argument instanceof SoftmaxBlock block) {
      return new SoftmaxBlock(
          block.first(),
          block.columns(),
          array(block.before()),
          array(block.after()),
          array(block.shares()));
    }
    return argument;
  }

  private INDArray array(INDArray array) {
    if (array == null || array.isEmpty()) {
      return array;
    }
    DataBuffer own = array.data();
    DataBuffer whole = own.originalDataBuffer() == null ? own : own.originalDataBuffer();
    Copy copy = copies.computeIfAbsent(whole.pointer().address(), address -> send(whole));
    return Nd4j.create(
        copy.device().data(), array.shape(), array.stride(), array.offset(), array.ordering());
  }

  private Copy send(DataBuffer whole) {
    Copy copy = new Copy(whole, NativeArrays.array(device, DataType.FLOAT, 'c', whole.length()));
    device.toDevice(whole.pointer().address(), DeviceBuffer.address(copy.device()), copy.bytes());
    return copy;
  }

  private Weights weights(Weights weights) {
    return new Weights() {
      @Override
      public INDArray get(String name) {
        return array(weights.get(name));
      }

      @Override
      public <K, T extends Derived> T derived(K key, BiFunction<Weights, K, T> make) {
        T made = make.apply(this, key);
        made.refresh();
        derived.add(made);
        return made;
      }
    };
  }

  /** Copies all back to where it came from. */
  void fetch() {
    for (Copy copy : copies.values()) {
      device.toHost(
          DeviceBuffer.address(copy.device()), copy.host().pointer().address(), copy.bytes());
    }
  }

  @Override
  public void close() {
    derived.forEach(Weights.Derived::free);
    copies.values().forEach(copy -> NativeArrays.release(copy.device()));
  }
}
