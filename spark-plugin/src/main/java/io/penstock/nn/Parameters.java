package io.penstock.nn;

import io.penstock.array.ArrayBytes;
import io.penstock.array.DeviceBuffer;
import io.penstock.array.DeviceMemory;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Rows;
import io.penstock.compute.Weights;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Named arrays of one layer (its weights, or their gradients), all views of one flat buffer so that
 * an optimizer touches each layer once. The arrays lie one after another in the order of their
 * specs, each in 'f' order, statistics behind what is trained. Mutable; for one thread at a time.
 */
public final class Parameters implements Weights, AutoCloseable {
  /** The first part of the random numbers' key, so that no dropout mask repeats the weights. */
  private static final long WEIGHTS = 1;

  private static final int CHUNK = 1 << 20;

  private final List<ParameterSpec> specs;
  private final INDArray flat;
  private final INDArray trained;
  private final Map<String, INDArray> arrays = new LinkedHashMap<>();
  private final DerivedWeights derived = new DerivedWeights();
  private final Map<String, Parameters> parts = new HashMap<>();

  /** The parameters that these are a part of; null if they are a whole. */
  private final Parameters whole;

  /** Where things are derived from a whole; null where all is kept that was derived. */
  private DerivedRoom room;

  private Parameters(List<ParameterSpec> specs, DataType type) {
    this(specs, zeros(null, size(specs), type));
  }

  private static INDArray zeros(DeviceMemory memory, long size, DataType type) {
    return size == 0 ? Nd4j.empty(type) : NativeArrays.zeros(memory, type, size);
  }

  private static long size(List<ParameterSpec> specs) {
    return specs.stream().mapToLong(ParameterSpec::size).sum();
  }

  private Parameters(List<ParameterSpec> specs, INDArray flat) {
    this.specs = List.copyOf(specs);
    this.whole = null;
    this.flat = flat;
    this.trained = trained(this.specs, flat);
    long offset = 0;
    for (ParameterSpec spec : this.specs) {
      if (arrays.put(spec.name(), spec.view(flat, offset)) != null) {
        throw new IllegalArgumentException(
            "Two parameters of a layer are called '" + spec.name() + "'; give each its own name.");
      }
      offset += spec.size();
    }
  }

  private static INDArray trained(List<ParameterSpec> specs, INDArray flat) {
    long size = 0;
    boolean statistics = false;
    for (ParameterSpec spec : specs) {
      if (spec.trained() && statistics) {
        throw new IllegalArgumentException(
            "The parameter '"
                + spec.name()
                + "' is trained but comes after statistics; put what is trained first.");
      }
      statistics |= !spec.trained();
      size += spec.trained() ? spec.size() : 0;
    }
    if (!statistics) {
      return flat;
    }
    return size == 0
        ? Nd4j.empty(flat.dataType())
        : Nd4j.create(flat.data(), new long[] {size}, new long[] {1}, 0, 'c');
  }

  private Parameters(Parameters whole, String prefix) {
    this.whole = whole;
    List<ParameterSpec> own = new ArrayList<>();
    long offset = 0;
    long before = 0;
    for (ParameterSpec spec : whole.specs) {
      if (spec.name().startsWith(prefix)) {
        String name = spec.name().substring(prefix.length());
        own.add(spec.named(name));
        arrays.put(name, whole.arrays.get(spec.name()));
        before = own.size() == 1 ? offset : before;
      }
      offset += spec.size();
    }
    this.specs = List.copyOf(own);
    long size = own.stream().mapToLong(ParameterSpec::size).sum();
    this.flat =
        size == 0
            ? Nd4j.empty(whole.flat.dataType())
            : whole.flat.get(NDArrayIndex.interval(before, before + size));
    this.trained = flat; // layers within layers have no statistics
  }

  /**
   * Returns the arrays whose names begin with a prefix, under what remains of their names: live
   * views, which change when the whole does. They must lie one after another.
   */
  public Parameters part(String prefix) {
    synchronized (root()) {
      Parameters part = parts.get(prefix);
      return part != null ? part : parts.computeIfAbsent(prefix, own -> new Parameters(this, own));
    }
  }

  /** Allocates arrays of zeros, in single precision. */
  public static Parameters zeros(List<ParameterSpec> specs) {
    return zeros(specs, DataType.FLOAT);
  }

  /** Allocates arrays of zeros. */
  public static Parameters zeros(List<ParameterSpec> specs, DataType type) {
    return new Parameters(specs, type);
  }

  /**
   * Allocates arrays of zeros, in single precision, in a device's memory.
   *
   * @param memory the device's; null for the host's
   */
  public static Parameters zeros(List<ParameterSpec> specs, DeviceMemory memory) {
    return new Parameters(specs, zeros(memory, size(specs), DataType.FLOAT));
  }

  /**
   * Returns these arrays in the memory of a device: themselves where they lie there, else copies,
   * and these are closed.
   *
   * @param memory the device's; null for the host's
   */
  public Parameters movedTo(DeviceMemory memory) {
    if (flat.isEmpty() || DeviceBuffer.memory(flat) == memory) {
      return this;
    }
    Parameters moved = copiedTo(memory);
    close();
    return moved;
  }

  /** Returns a copy in the host's memory of these, which lie on a device. */
  public Parameters copiedToHost() {
    return copiedTo(null);
  }

  private Parameters copiedTo(DeviceMemory memory) {
    Parameters copy = zeros(specs, memory);
    if (copy.size() > 0) {
      NativeArrays.copy(flat, copy.flat);
    }
    return copy;
  }

  /**
   * Returns arrays at the beginning of memory that is the caller's and stays so: these are not to
   * be closed. They hold what lies there.
   *
   * @param memory {@code [length]}, dense, of as many numbers as there are or more
   */
  public static Parameters over(INDArray memory, List<ParameterSpec> specs) {
    long size = size(specs);
    return new Parameters(
        specs, size == 0 ? Nd4j.empty(memory.dataType()) : NativeArrays.view(memory, 0, size));
  }

  /** Allocates arrays with their initial values, in single precision. */
  public static Parameters initial(List<ParameterSpec> specs, long seed, int layer) {
    return initial(specs, seed, layer, DataType.FLOAT);
  }

  /**
   * Allocates arrays with their initial values. Random numbers are keyed by seed, layer, index of
   * the parameter and position, so that a layer begins the same on whichever stage it lies.
   *
   * @param seed the seed of the run
   * @param layer the layer's index in the whole network
   */
  public static Parameters initial(List<ParameterSpec> specs, long seed, int layer, DataType type) {
    Parameters parameters = new Parameters(specs, type);
    long offset = 0;
    for (int p = 0; p < specs.size(); p++) {
      ParameterSpec spec = specs.get(p);
      RandomKey key = RandomKey.of(WEIGHTS, seed, layer, p);
      for (long done = 0; done < spec.size(); done += CHUNK) {
        double[] values = new double[(int) Math.min(CHUNK, spec.size() - done)];
        for (int i = 0; i < values.length; i++) {
          values[i] = spec.init().value(key, done + i);
        }
        long from = offset + done;
        INDArray chunk = Nd4j.createFromArray(values);
        NativeArrays.copy(chunk, NativeArrays.view(parameters.flat, from, values.length));
        NativeArrays.release(chunk); // twice the weights' memory would wait for the collector
      }
      offset += spec.size();
    }
    return parameters;
  }

  /**
   * Returns the array of this name, a live view.
   *
   * @throws IllegalArgumentException if the layer has none of that name
   */
  @Override
  public INDArray get(String name) {
    INDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          "No parameter '" + name + "' here; this layer has " + arrays.keySet() + ".");
    }
    return array;
  }

  /** Says that weights were written, which makes all that was derived from them stale. */
  public void changed() {
    Parameters root = root();
    synchronized (root) {
      root.stale();
    }
  }

  private void stale() {
    derived.changed();
    parts.values().forEach(Parameters::stale);
  }

  /**
   * Derives anew what was used since the last time, while the changed weights still lie in the
   * processor's cache; what else there is, when it is asked for.
   */
  public void renew() {
    Parameters root = root();
    synchronized (root) {
      if (root.room == null) {
        root.renewAll();
      }
    }
  }

  /**
   * Has all that is derived from these weights, which are no part of a whole, made in a room that
   * they share with others; what was derived before is freed.
   */
  public synchronized void deriveIn(DerivedRoom shared) {
    free();
    room = shared;
  }

  private void renewAll() {
    derived.renew();
    parts.values().forEach(Parameters::renewAll);
  }

  /** Returns what is derived from the weights under this key, fresh; made if there is none yet. */
  @Override
  public <K, T extends Derived> T derived(K key, BiFunction<Weights, K, T> make) {
    Parameters root = root();
    synchronized (root) {
      return derived.get(this, key, make, root.room);
    }
  }

  /** Returns the whole of which these are a part, or a part's part; these if they are a whole. */
  private Parameters root() {
    return whole == null ? this : whole.root();
  }

  /**
   * Returns all arrays end to end, {@code [size]}, live; ND4J's empty array if there are none.
   * Whoever writes to them after a layer has used them says so: {@link #changed}.
   */
  public INDArray flat() {
    return flat;
  }

  /** Returns the trained part of {@link #flat}: all but the statistics, which lie behind it. */
  public INDArray trained() {
    return trained;
  }

  /**
   * Copies {@link #flat} to the heap, to travel or to be kept; piece by piece, for whoever holds a
   * layer may have no native memory for another of its size.
   */
  public float[] values() {
    if (size() == 0) {
      return new float[0];
    }
    if (flat.dataType() != DataType.FLOAT) {
      return flat.toFloatVector();
    }
    // Without a second native copy, for which there may be no room.
    float[] values = new float[Math.toIntExact(size())];
    ArrayBytes bytes = new ArrayBytes(flat);
    int count;
    for (int done = 0; done < values.length; done += count) {
      count = Math.min(ArrayBytes.CHUNK, values.length - done);
      bytes
          .read(done, count)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer()
          .get(values, done, count);
    }
    Reference.reachabilityFence(flat);
    return values;
  }

  /** Returns the specifications of the arrays, in their order in {@link #flat}. */
  public List<ParameterSpec> specs() {
    return specs;
  }

  /** Returns how many numbers there are in all. */
  public long size() {
    return flat.length();
  }

  /** Sets every number to zero. */
  public void clear() {
    if (size() > 0) {
      NativeArrays.clear(flat);
      changed();
    }
  }

  /**
   * Frees the memory at once, where the garbage collector would do so some time; for one that is no
   * part of a whole. None of the arrays may be used any more.
   */
  @Override
  public synchronized void close() {
    free();
    NativeArrays.release(flat);
  }

  private void free() {
    derived.free();
    parts.values().forEach(Parameters::free);
  }

  /** Sums the squares of all that is trained, as {@link Rows#sumOfSquares} does. */
  public double sumOfSquares(Rows rows) {
    return rows.sumOfSquares(trained);
  }

  /**
   * Returns whether the squares of all numbers, statistics among them, add up to a finite float:
   * then none is NaN or infinite. One fast pass; {@link NotFinite#in(Parameters)} tells the rest.
   */
  public boolean squaresAreFinite(Rows rows) {
    return rows.squaresAreFinite(flat);
  }

  /** Returns whether the squares of what is trained alone add up to a finite float. */
  public boolean trainedSquaresAreFinite(Rows rows) {
    return rows.squaresAreFinite(trained);
  }

  /**
   * Multiplies all that is trained.
   *
   * @param rows operations where these lie
   */
  public void scale(double factor, Rows rows) {
    if (trained.length() > 0) {
      rows.scale(trained, factor);
      changed();
    }
  }
}
