package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Costs of a network's layers for one micro-batch: times and sizes. Immutable.
 *
 * @param layers first to last; those on the first rank, where ranks differ in time
 * @param inputBytes bytes of the network's input, which the first stage keeps
 * @param skips connections over layers, of which the stage that adds keeps what was saved
 * @param byRank the layers' costs on each rank, where ranks differ in time; empty where all are
 *     alike
 */
public record LayerCosts(
    List<LayerCost> layers, long inputBytes, List<SkipCost> skips, List<List<LayerCost>> byRank) {
  /**
   * Cost of reading or writing a number, in FLOP: activations, pooling, normalisation and the like
   * are passes over memory, which their operations do not show. A core of 90 GFLOP/s does 20 (an
   * activation) to 150 (max pooling) in the time: see docs/benchmarks.md.
   */
  private static final double FLOPS_PER_NUMBER = 40;

  /** A petabyte. */
  private static final double MOST_BYTES = 1L << 50;

  /**
   * Copies the list and checks it.
   *
   * @throws IllegalArgumentException if there is no layer, or the input is of less than 0 bytes
   */
  public LayerCosts {
    layers = List.copyOf(layers);
    skips = List.copyOf(skips);
    byRank = byRank.stream().map(List::copyOf).toList();
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("costs of no layer; a network has at least one");
    }
    if (inputBytes < 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "an input of %d bytes; it cannot be below 0", inputBytes));
    }
  }

  /** Costs of layers without connections over others, on ranks that are alike. */
  public LayerCosts(List<LayerCost> layers, long inputBytes) {
    this(layers, inputBytes, List.of());
  }

  /** Costs on ranks that are alike. */
  public LayerCosts(List<LayerCost> layers, long inputBytes, List<SkipCost> skips) {
    this(layers, inputBytes, skips, List.of());
  }

  /**
   * Returns the costs on ranks that differ in time.
   *
   * @param ranks by rank, of the same sizes
   */
  static LayerCosts byRank(List<LayerCosts> ranks) {
    LayerCosts first = ranks.get(0);
    return new LayerCosts(
        first.layers,
        first.inputBytes,
        first.skips,
        ranks.stream().map(LayerCosts::layers).toList());
  }

  /** Returns the layers' costs on a rank. */
  public List<LayerCost> on(int rank) {
    return byRank.isEmpty() ? layers : byRank.get(rank);
  }

  /** Returns the costs on a rank as if all were like it. */
  LayerCosts ofRank(int rank) {
    return byRank.isEmpty() ? this : new LayerCosts(on(rank), inputBytes, skips);
  }

  /** Returns the time of all layers on the rank that is quickest at them. */
  double quickest() {
    return (byRank.isEmpty() ? List.of(layers) : byRank)
        .stream()
            .mapToDouble(costs -> costs.stream().mapToDouble(LayerCost::time).sum())
            .min()
            .orElseThrow();
  }

  /**
   * Returns the costs of one row's forward, by its floating-point operations and by what it moves
   * through memory; the backward takes about twice as much for every kind of layer, so it does not
   * move the cut.
   *
   * @return one figure per layer, in FLOP
   */
  public static double[] flops(Sequential network) {
    double[] costs = new double[network.layers().size()];
    for (int layer = 0; layer < costs.length; layer++) {
      long numbers = network.shape(layer).size() + network.shape(layer + 1).size();
      costs[layer] = network.flops(layer) + FLOPS_PER_NUMBER * numbers;
    }
    return costs;
  }

  /**
   * Returns costs from the network's description alone, times in FLOP. Either gradient takes what
   * the forward takes; a layer without weights has no weight gradient, and the first layer no input
   * gradient, for nobody needs it. Sizes are of float32: weights with gradients and the updater's
   * state; of a micro-batch what each layer says it holds, with its gradients.
   *
   * @param rows of a micro-batch
   * @throws IllegalArgumentException if there is no row
   */
  public static LayerCosts estimated(Sequential network, int rows, Updater updater) {
    return estimated(network, rows, updater, true, 1);
  }

  /**
   * Returns costs as {@link #estimated(Sequential, int, Updater)} does, for ranks that may hold one
   * layer's gradient at a time, which comes on top: {@link #largestGradient}.
   *
   * @param gradients whether those of all layers are there
   */
  public static LayerCosts estimated(
      Sequential network, int rows, Updater updater, boolean gradients) {
    return estimated(network, rows, updater, gradients, 1);
  }

  /**
   * Returns costs as {@link #estimated(Sequential, int, Updater, boolean)} does, for replicas that
   * share the optimizer's state among them: the mean, for each layer's lies on one of them.
   *
   * @param shares replicas that share it; 1 where each has it all
   */
  public static LayerCosts estimated(
      Sequential network, int rows, Updater updater, boolean gradients, int shares) {
    if (rows < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "a micro-batch of %s; it has at least one", new Amount(rows, "row")));
    }
    double[] flops = flops(network);
    List<LayerCost> layers = new ArrayList<>();
    for (int layer = 0; layer < flops.length; layer++) {
      // A layer that is tied to another has a copy of its weights, but no state of the updater.
      long weights = network.parameterCount(network.owner(layer));
      boolean updates = weights > 0 && network.owner(layer) == layer;
      long optimizer = updates ? updater.stateSize(network.trainedCount(layer)) : 0;
      long state = (gradients ? 2 : 1) * weights + (optimizer + shares - 1) / shares;
      double forward = rows * flops[layer];
      layers.add(
          new LayerCost(
              forward,
              layer == 0 ? 0 : forward,
              weights == 0 ? 0 : forward,
              bytes(1, state),
              bytes(rows, network.stashedFloats(layer)),
              bytes(rows, network.shape(layer + 1).size())));
    }
    return new LayerCosts(layers, bytes(rows, network.input().size()), skips(network, rows));
  }

  private static List<SkipCost> skips(Sequential network, int rows) {
    return network.skips().stream()
        .map(
            skip ->
                new SkipCost(
                    skip.from(), skip.to(), bytes(rows, network.shape(skip.from() + 1).size())))
        .toList();
  }

  /** Returns the bytes of the gradient of the layer that has most, in float32. */
  public static long largestGradient(Sequential network) {
    return IntStream.range(0, network.layers().size())
        .mapToLong(layer -> bytes(1, network.parameterCount(layer)))
        .max()
        .orElseThrow();
  }

  /**
   * Returns costs of scoring, forwards alone, from the network's description: times in FLOP, and
   * sizes of float32: weights with the copies that kernels pack of them, and the activations.
   *
   * @param rows of a block
   */
  public static LayerCosts ofScoring(Sequential network, int rows) {
    double[] flops = flops(network);
    List<LayerCost> layers = new ArrayList<>();
    for (int layer = 0; layer < flops.length; layer++) {
      layers.add(
          new LayerCost(
              rows * flops[layer],
              0,
              0,
              bytes(1, 2 * network.parameterCount(network.owner(layer))),
              bytes(rows, network.stashedFloats(layer)),
              bytes(rows, network.shape(layer + 1).size())));
    }
    return new LayerCosts(layers, bytes(rows, network.input().size()), skips(network, rows));
  }

  /**
   * Returns the bytes of float32 numbers, bounded by a size that no machine has, so that sums do
   * not wrap around.
   */
  private static long bytes(int rows, long numbers) {
    return (long) Math.min(MOST_BYTES, (double) Float.BYTES * rows * numbers);
  }

  /**
   * Returns measured costs: sizes as {@link #estimated} has them, times in the unit they were
   * measured in.
   *
   * @param rows of a micro-batch, for which the times were measured
   * @param forward the time of each layer's forward
   * @param inputGradient the time of each layer's input gradient
   * @param weightGradient the time of each layer's weight gradient
   * @throws IllegalArgumentException if they are not one a layer, or one is no time
   */
  public static LayerCosts measured(
      Sequential network,
      int rows,
      Updater updater,
      double[] forward,
      double[] inputGradient,
      double[] weightGradient) {
    return estimated(network, rows, updater).withTimes(forward, inputGradient, weightGradient);
  }

  /** Returns the costs of layers of which only the time is known; they take no memory. */
  static LayerCosts ofTimes(double... times) {
    return new LayerCosts(Arrays.stream(times).mapToObj(LayerCost::ofTime).toList(), 0);
  }

  /**
   * Returns these sizes with other times, one of each a layer.
   *
   * @throws IllegalArgumentException if they are not one a layer, or one is no time
   */
  public LayerCosts withTimes(double[] forward, double[] inputGradient, double[] weightGradient) {
    for (double[] times : List.of(forward, inputGradient, weightGradient)) {
      if (times.length != layers.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%d forward, %d input-gradient and %d weight-gradient times for %s; give one"
                    + " of each a layer",
                forward.length,
                inputGradient.length,
                weightGradient.length,
                new Amount(layers.size(), "layer")));
      }
    }
    List<LayerCost> timed = new ArrayList<>();
    for (int layer = 0; layer < forward.length; layer++) {
      timed.add(
          layers.get(layer).withTimes(forward[layer], inputGradient[layer], weightGradient[layer]));
    }
    return new LayerCosts(timed, inputBytes, skips);
  }

  /** Returns the costs of micro-batches of a number of rows, if these are of one. */
  LayerCosts withRows(int rows) {
    return new LayerCosts(
        layers.stream().map(layer -> layer.withRows(rows)).toList(),
        rows * inputBytes,
        skips.stream().map(skip -> skip.withFactor(rows)).toList());
  }

  /** Returns the number of layers. */
  public int count() {
    return layers.size();
  }

  /**
   * Returns the bytes that enter a stage of these layers and stay with a micro-batch in flight: its
   * input, and what earlier stages saved for it.
   */
  long bytesInto(int first, int end) {
    long bytes = first == 0 ? inputBytes : layers.get(first - 1).outputBytes();
    for (SkipCost skip : skips) {
      bytes += skip.from() < first && first <= skip.to() && skip.to() < end ? skip.bytes() : 0;
    }
    return bytes;
  }

  /**
   * Returns what a stage of these layers keeps of one micro-batch in flight, what enters it
   * included.
   */
  public long keptBytes(int first, int end) {
    long bytes = bytesInto(first, end);
    for (int layer = first; layer < end; layer++) {
      bytes += layers.get(layer).keptBytes();
    }
    return bytes;
  }

  /** Returns the bytes of weights, gradients and updater state of these layers. */
  public long stateBytes(int first, int end) {
    return layers.subList(first, end).stream().mapToLong(LayerCost::stateBytes).sum();
  }
}
