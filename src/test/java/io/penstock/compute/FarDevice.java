package io.penstock.compute;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.DeviceMemory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A device that computes by the processor's own kernels, to the same bits, with a memory whose
 * addresses are none of the host's: whoever reads or writes a handle's numbers on the host, with an
 * operation of ND4J for instance, ends the process.
 */
public final class FarDevice implements ComputeDevice, DeviceMemory {
  /** What tells a device's address: no processor lets a program have such a one. */
  private static final long FAR = 1L << 60;

  /** A pointer to where something is. */
  private static final class At extends FloatPointer {
    At(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }
  }

  private final Map<Long, Pointer> held = new ConcurrentHashMap<>();
  private final Map<Long, Pointer> locked = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();
  private volatile long failing = Long.MAX_VALUE;

  /** What a device that was told to fail throws. */
  public static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed() {
      super("the far device fails");
    }
  }

  /** Calls until now that may fail: allocations, copies and operations. */
  public long calls() {
    return calls.get();
  }

  /** Has the n-th call from now fail, and all behind it. */
  public FarDevice failingAt(long n) {
    failing = calls.get() + n;
    return this;
  }

  private void call() {
    if (calls.incrementAndGet() >= failing) {
      throw new Failed();
    }
  }

  /** Bytes that are allocated now. */
  public long bytes() {
    return bytes.get();
  }

  @Override
  public DeviceMemory memory() {
    return this;
  }

  @Override
  public long allocate(long size) {
    call();
    BytePointer memory = new BytePointer(size);
    Pointer.memset(memory, 0xFF, size);
    held.put(FAR + memory.address(), memory);
    bytes.addAndGet(size);
    return FAR + memory.address();
  }

  @Override
  public void free(long address) {
    Pointer memory = held.remove(address);
    if (memory == null) {
      throw new IllegalStateException("freed twice: " + Long.toHexString(address));
    }
    bytes.addAndGet(-memory.capacity());
    Pointer.memset(memory, 0xFF, memory.capacity());
    memory.deallocate();
  }

  @Override
  public void toDevice(long host, long device, long size) {
    call();
    move(host, near(device), size);
  }

  @Override
  public void toHost(long device, long host, long size) {
    call();
    move(near(device), host, size);
  }

  @Override
  public void copy(long from, long to, long size) {
    move(near(from), near(to), size);
  }

  @Override
  public void clear(long at, long size) {
    Pointer.memset(new At(near(at), size), 0, size);
  }

  @Override
  public void settle() {}

  @Override
  public Mark mark() {
    return () -> {};
  }

  @Override
  public long lock(long size) {
    BytePointer memory = new BytePointer(size);
    locked.put(memory.address(), memory);
    return memory.address();
  }

  @Override
  public void unlock(long address) {
    locked.remove(address).deallocate();
  }

  @Override
  public String name() {
    return "far device";
  }

  @Override
  public String toString() {
    return name();
  }

  private static void move(long from, long to, long size) {
    Pointer.memmove(new At(to, size), new At(from, size), size);
  }

  private static long near(long address) {
    if (address < FAR) {
      throw new IllegalArgumentException("no address of the device: " + Long.toHexString(address));
    }
    return address - FAR;
  }

  @Override
  public Compute open(DataType type) {
    Compute own = ComputeDevice.PROCESSOR.open(type);
    return new Compute(
        near(Products.class, own.products()),
        near(Rows.class, own.rows()),
        near(Norms.class, own.norms()),
        near(Windows.class, own.windows()),
        near(Activations.class, own.activations()),
        near(Recurrences.class, own.recurrences()),
        near(Losses.class, own.losses()),
        near(Updates.class, own.updates()),
        near(Conversions.class, own.conversions()),
        own::clear);
  }

  private <T> T near(Class<T> family, T own) {
    return family.cast(
        Proxy.newProxyInstance(
            family.getClassLoader(),
            new Class<?>[] {family},
            (proxy, method, given) -> {
              call();
              Object[] near = given == null ? null : given.clone();
              for (int i = 0; near != null && i < near.length; i++) {
                near[i] = near(near[i]);
              }
              try {
                return method.invoke(own, near);
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            }));
  }

  private static Object near(Object given) {
    if (given instanceof INDArray array) {
      return near(array);
    }
    if (given instanceof Weights weights) {
      return new Near(weights);
    }
    if (given instanceof Matrices m) {
      return new Matrices(
          near(m.array()),
          m.at(),
          m.rows(),
          m.rowStep(),
          m.heads(),
          m.headStep(),
          m.height(),
          m.width(),
          m.leading());
    }
    if (given instanceof SoftmaxBlock b) {
      INDArray before = b.before() == null ? null : near(b.before());
      return new SoftmaxBlock(b.first(), b.columns(), before, near(b.after()), near(b.shares()));
    }
    return given;
  }

  private static INDArray near(INDArray array) {
    if (array.isEmpty()) {
      return array;
    }
    if (DeviceBuffer.memory(array) == null) {
      throw new IllegalArgumentException("an array of the host's was given to the device");
    }
    DataBuffer whole = array.data().originalDataBuffer();
    long length = whole == null ? array.data().length() : whole.length();
    FloatPointer memory = new At(near(array.data().pointer().address()), length);
    return Nd4j.create(
        Nd4j.createBuffer(memory, length, DataType.FLOAT),
        array.shape(),
        array.stride(),
        array.offset(),
        array.ordering());
  }

  /** Weights as the processor's kernels see them. */
  private record Near(Weights weights) implements Weights {
    @Override
    public INDArray get(String name) {
      return near(weights.get(name));
    }

    @Override
    public <K, T extends Derived> T derived(K key, BiFunction<Weights, K, T> make) {
      return weights.derived(key, (own, same) -> make.apply(new Near(own), same));
    }
  }
}
