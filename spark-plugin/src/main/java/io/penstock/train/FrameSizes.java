package io.penstock.train;

import io.penstock.balance.Cut;
import io.penstock.nn.Skip;
import io.penstock.nn.network.Sequential;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Sizes of the frames that a plan's ranks send each other. For one thread. */
final class FrameSizes {
  /** Numbers of a decision on early stopping, which every plan may send. */
  private static final long VERDICT = 2;

  private final Sequential network;
  private final Cut cut;
  private final long rows;

  /**
   * Takes the network and the cut of a plan.
   *
   * @param rows of the largest micro-batch
   */
  FrameSizes(Sequential network, Cut cut, long rows) {
    this.network = network;
    this.cut = cut;
    this.rows = rows;
  }

  /**
   * Returns the bytes of the largest one: of activations and gradients at the cuts, of skips and
   * shared weights that cross one, of token ids for stages that ask which are padding, of the sums
   * of squares by layer, each number counted as a double, the widest that a layer may compute in.
   */
  long largest() {
    int layers = network.layers().size();
    LongStream cuts =
        cut.starts().stream().skip(1).mapToLong(layer -> Math.multiplyExact(rows, size(layer)));
    LongStream skips =
        network.skips().stream()
            .filter(this::crosses)
            .mapToLong(skip -> Math.multiplyExact(rows, size(skip.from() + 1)));
    LongStream ties =
        IntStream.range(0, layers)
            .filter(layer -> cut.stageOf(layer) != cut.stageOf(network.owner(layer)))
            .flatMap(layer -> IntStream.of(layer, network.owner(layer)))
            .mapToLong(network::parameterCount);
    LongStream ids =
        cut.starts().stream()
            .skip(1)
            .filter(layer -> network.asksPlaces(layer, layers))
            .mapToLong(layer -> Math.multiplyExact(rows, size(0)));
    long numbers =
        Stream.of(cuts, skips, ties, ids, LongStream.of(layers, VERDICT))
            .flatMapToLong(Function.identity())
            .max()
            .orElseThrow();
    return Math.multiplyExact(Double.BYTES, numbers);
  }

  private boolean crosses(Skip skip) {
    return cut.stageOf(skip.from()) != cut.stageOf(skip.to());
  }

  /** Returns the numbers of a row where it enters a layer. */
  private long size(int layer) {
    return network.shape(layer).size();
  }
}
