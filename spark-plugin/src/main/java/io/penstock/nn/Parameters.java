package io.penstock.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The named arrays of one layer, or their gradients. All are views of one flat array, so that one
 * call updates a layer. Not thread-safe.
 */
public final class Parameters {
  private final List<ParameterSpec> specs;
  private final INDArray flat;
  private final Map<String, INDArray> views = new LinkedHashMap<>();
  private final long size;

  private Parameters(List<ParameterSpec> specs, DataType type) {
    this.specs = List.copyOf(specs);
    this.size = specs.stream().mapToLong(ParameterSpec::size).sum();
    this.flat = size == 0 ? null : Nd4j.zeros(type, 1, size);
    long from = 0;
    for (ParameterSpec spec : specs) {
      INDArray part = flat.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + spec.size()));
      // 'f' order, in which matrix products are fastest.
      views.put(spec.name(), part.reshape('f', spec.dims()));
      from += spec.size();
    }
  }

  /** All zero, 32-bit floats. */
  public static Parameters zeros(List<ParameterSpec> specs) {
    return zeros(specs, DataType.FLOAT);
  }

  /** All zero, of a given type; double is for checks. */
  public static Parameters zeros(List<ParameterSpec> specs, DataType type) {
    return new Parameters(specs, type);
  }

  /** As a layer is born, 32-bit floats. */
  public static Parameters initial(List<ParameterSpec> specs, long seed, int layer) {
    return initial(specs, seed, layer, DataType.FLOAT);
  }

  /** As a layer is born: keyed by seed, layer and the parameter's place in it. */
  public static Parameters initial(List<ParameterSpec> specs, long seed, int layer, DataType type) {
    Parameters born = new Parameters(specs, type);
    for (int i = 0; i < specs.size(); i++) {
      ParameterSpec spec = specs.get(i);
      float[] values =
          spec.init()
              .values(Math.toIntExact(spec.size()), spec.fanIn(), spec.fanOut(), seed, layer, i);
      born.get(spec.name()).assign(Nd4j.create(values, spec.dims(), 'f'));
    }
    return born;
  }

  /**
   * One parameter; a view.
   *
   * @throws IllegalArgumentException if the layer has none of that name
   */
  public INDArray get(String name) {
    INDArray found = views.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "The layer has no parameter '" + name + "', only " + views.keySet() + ".");
    }
    return found;
  }

  /** All of them behind one another, {@code [1, size]}; null if there are none. */
  public INDArray flat() {
    return flat;
  }

  /** Returns what the arrays are. */
  public List<ParameterSpec> specs() {
    return specs;
  }

  /** Returns how many numbers there are in all. */
  public long size() {
    return size;
  }

  /** Sets all to zero. */
  public void clear() {
    if (flat != null) {
      flat.assign(0);
    }
  }
}
