package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Rows;
import io.penstock.compute.Workspace;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sums of a stage's weight gradients, by layer: over the micro-batches of a gradient group, and,
 * where this rank does several groups, over those. Not thread-safe: for the rank's thread; what is
 * lent is read by others.
 */
final class GradientSums implements AutoCloseable {
  private final Map<Integer, Parameters> gradients = new TreeMap<>();

  /** Gradients as others may read them: their memory is freed when nobody does. */
  private final Map<Integer, Loan> lent = new TreeMap<>();

  /** Sums over the gradient groups before the current one. */
  private final Map<Integer, INDArray> before = new TreeMap<>();

  private final int groups;
  private final Workspace pool;

  /** Memory of one layer's gradient, which all take in turn; null where each has its own. */
  private final INDArray shared;

  private GradientSums(int groups, INDArray shared, Workspace pool) {
    this.groups = groups;
    this.pool = pool;
    this.shared = shared;
  }

  /**
   * Makes sums that are all there at a time.
   *
   * @param groups that this rank sums by itself
   * @param pool what this thread computes with, where the gradients are to lie
   */
  static GradientSums atOnce(int groups, Workspace pool) {
    return new GradientSums(groups, null, pool);
  }

  /**
   * Makes sums of which one is there at a time, in memory that all share: whoever has used one
   * {@linkplain Parameters#clear clears} it for the next. Nothing of them is lent, and there is one
   * gradient group.
   *
   * @param shared zeros, of as many numbers as the layer has that has most, or more; it stays the
   *     caller's
   * @param pool what this thread computes with
   */
  static GradientSums inTurn(INDArray shared, Workspace pool) {
    return new GradientSums(1, shared, pool);
  }

  /** Returns whether one layer's gradient is there at a time. */
  boolean areInTurn() {
    return shared != null;
  }

  /** Adds a layer, whose gradients are zero. */
  void add(int layer, List<ParameterSpec> specs) {
    if (areInTurn()) {
      gradients.put(layer, Parameters.over(shared, specs));
      return;
    }
    Parameters gradient = Parameters.zeros(specs, pool.device().memory());
    gradients.put(layer, gradient);
    lent.put(layer, Loan.of(gradient.flat(), flat -> gradient.close()));
  }

  /** Returns the gradients summed so far of a layer. */
  Parameters of(int layer) {
    return gradients.get(layer);
  }

  /** Returns all gradients, by layer, live. */
  Map<Integer, Parameters> all() {
    return gradients;
  }

  /** Returns a part of a layer's gradients, live. */
  INDArray part(int layer, long from, long to) {
    INDArray flat = gradients.get(layer).flat();
    return from == 0 && to == flat.length()
        ? flat
        : Nd4j.create(flat.data(), new long[] {to - from}, new long[] {1}, from, 'c');
  }

  /**
   * Lends a part of a layer's gradients to another replica. Whoever changes them next has to know
   * that it was read.
   */
  Loan lend(int layer, long from, long to) {
    return lent.get(layer).another(part(layer, from, to));
  }

  /**
   * Returns after which micro-batches of a mini-batch a gradient group is complete, ascending;
   * empty where there is one group.
   */
  int[] groupEnds(int microBatches) {
    return groups == 1
        ? new int[0]
        : IntStream.range(0, Math.min(groups, microBatches))
            .map(group -> MicroBatchShare.of(microBatches, groups, group).end())
            .toArray();
  }

  /**
   * Ends a gradient group: adds it to those before it, in their order.
   *
   * @param number of groups that are complete, this one among them
   * @param count groups that have micro-batches
   */
  void endGroup(int number, int count) {
    gradients.forEach(
        (layer, gradient) -> {
          if (gradient.size() > 0) {
            endGroup(layer, gradient, number == 1, number == count);
            if (number == count && count < groups) {
              // What groups without micro-batches add makes -0 positive.
              rows(gradient.flat()).addZero(gradient.flat());
            }
          }
        });
  }

  private void endGroup(int layer, Parameters gradient, boolean first, boolean last) {
    INDArray flat = gradient.flat();
    if (last) {
      if (!first) {
        rows(flat).add(flat, before.get(layer), flat); // a sum of two is the same either way
      }
      return;
    }
    if (first) {
      NativeArrays.copy(flat, before.computeIfAbsent(layer, own -> NativeArrays.like(flat)));
    } else {
      INDArray sum = before.get(layer);
      rows(flat).add(sum, flat, sum);
    }
    gradient.clear();
  }

  private Rows rows(INDArray array) {
    return pool.compute(array).rows();
  }

  /** Sets all gradients to zero, for the next mini-batch. */
  void clear() {
    gradients.values().forEach(Parameters::clear);
  }

  /** Frees the memory at once, but for what others still read. */
  @Override
  public void close() {
    lent.values().forEach(Loan::close);
    before.values().forEach(NativeArrays::release);
  }
}
