package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.Bytes;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Cuts a row of layers into stages so that the slowest stage is as quick as it can be. Stateless;
 * any thread may call. A stage's time is what its layers take, and what it takes to send their
 * output on and a gradient back, where that goes to another rank. No rank gets more than its memory
 * holds. The slowest stage is exact: {@link Bottleneck}.
 *
 * <p>Many cuts share the best slowest stage. Of those it takes the one whose slowest rank, all its
 * stages together, is quickest; then the most even one: least sum of squared stage costs, then
 * least sum of squared layer counts, then the most layers on the last stage, on the one before it,
 * and so on: under 1F1B the first stages keep the most activations. The slowest stage comes before
 * the slowest rank because it sets the rhythm in which micro-batches pass through interleaved
 * schedules.
 *
 * <p>With one stage a rank that takes O(stages × layers²) and is exact throughout. With several,
 * the choice among equals, and a memory limit that ties stages together, are a search ({@link
 * CutSearch}); it is exact as long as it needs to keep no more than {@value CutSearch#MOST_KEPT}
 * part-cuts at a time that end with the same layer, and no longer proven to be beyond that.
 */
public final class Partitioner {
  private Partitioner() {}

  /**
   * Returns the best cut by time alone; the same for the same costs, always.
   *
   * @param costs for each layer what it takes, in any unit; zero is allowed
   * @param stages how many stages to make, each of at least one layer
   * @throws IllegalArgumentException if there are more stages than layers, or a cost is no finite
   *     number of at least 0
   */
  public static Cut partition(double[] costs, int stages) {
    CutConstraints constraints = CutConstraints.of(stages);
    checkStages(costs.length, stages);
    for (int layer = 0; layer < costs.length; layer++) {
      if (!(costs[layer] >= 0 && costs[layer] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "layer %d costs %s; a cost is a finite number of at least 0, in any unit",
                layer,
                costs[layer]));
      }
    }
    return partition(LayerCosts.ofTimes(costs), constraints);
  }

  /**
   * Returns the best cut; the same for the same costs and constraints, always.
   *
   * @param costs what the layers take
   * @param constraints the stages to make and what bounds them
   * @throws IllegalArgumentException if there are more stages than layers, or no cut fits in
   *     memory; the message says what would do
   */
  public static Cut partition(LayerCosts costs, CutConstraints constraints) {
    checkStages(costs.count(), constraints.stages());
    Segments segments = new Segments(costs, constraints);
    return find(new CutSearch(segments, constraints.memoryLimit()))
        .orElseThrow(() -> new IllegalArgumentException(tooLittleMemory(segments)));
  }

  /** Returns the best cut; empty if none fits in memory. */
  static Optional<Cut> find(CutSearch search) {
    double slowest = search.slowestStage();
    return slowest == Double.POSITIVE_INFINITY
        ? Optional.empty()
        : Optional.of(search.best(slowest));
  }

  /**
   * Checks a cut that somebody made by hand.
   *
   * @throws IllegalArgumentException if it is for another number of stages or layers, or a rank has
   *     to hold more than it can; the message has the numbers
   */
  public static void check(Cut cut, LayerCosts costs, CutConstraints constraints) {
    if (cut.layers() != costs.count()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "stages start at layers %s of %d, but the network has %s",
              cut.starts(),
              cut.layers(),
              new Amount(costs.count(), "layer")));
    }
    if (cut.stages() != constraints.stages()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "stages start at layers %s, which makes %s, but %d %s wanted; give the first"
                  + " layer of each, %s in all",
              cut.starts(),
              new Amount(cut.stages(), "stage"),
              constraints.stages(),
              constraints.stages() == 1 ? "is" : "are",
              new Amount(constraints.stages(), "number")));
    }
    for (int rank : constraints.ranks()) {
      long bytes = bytesOn(rank, cut, costs, constraints);
      if (bytes > constraints.memoryLimit()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "stages start at layers %s, so rank %d needs %s for weights, gradients,"
                    + " updater state and activations, but can hold %s; the best cut's largest"
                    + " rank needs %s",
                cut.starts(),
                rank,
                new Bytes(bytes).up(),
                new Bytes(constraints.memoryLimit()).down(),
                new Bytes(leastMemory(new Segments(costs, constraints))).up()));
      }
    }
  }

  /**
   * Returns the bytes that a rank needs under a cut: weights, gradients and updater state of its
   * layers, and the activations of all micro-batches in flight on its stages.
   */
  public static long bytesOn(int rank, Cut cut, LayerCosts costs, CutConstraints constraints) {
    Segments segments = new Segments(costs, constraints);
    return IntStream.range(0, constraints.stages())
        .filter(stage -> constraints.ranks().get(stage) == rank)
        .mapToLong(stage -> segments.bytes(stage, cut.first(stage), cut.end(stage)))
        .sum();
  }

  /**
   * Returns a memory limit that the cut that needs least can do with: the least one with a stage a
   * rank, and less than a thousandth above it with several.
   */
  static long leastMemory(Segments segments) {
    CutConstraints constraints = segments.constraints();
    int stages = constraints.stages();
    long least = (long) Bottleneck.least(segments.layers(), stages, segments::bytes);
    if (!constraints.shared() || fits(segments, least)) {
      return least;
    }
    long low = least;
    long high = 2 * least + 1;
    while (!fits(segments, high)) {
      low = high;
      high *= 2;
    }
    while (high - low > Math.max(1, high / 1000)) {
      long middle = (low + high) >>> 1;
      if (fits(segments, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private static boolean fits(Segments segments, long memoryLimit) {
    return new CutSearch(segments, memoryLimit).fits(Double.POSITIVE_INFINITY);
  }

  static void checkStages(int layers, int stages) {
    if (stages > layers) {
      throw new IllegalArgumentException(
          String.format(
                  Locale.ROOT,
                  "%s asked for, but the network has %s and each stage needs at least" + " one; ",
                  new Amount(stages, "stage"),
                  new Amount(layers, "layer"))
              + String.format(
                  Locale.ROOT,
                  "use %s or fewer, or split a layer in two",
                  new Amount(layers, "stage")));
    }
  }

  private static String tooLittleMemory(Segments segments) {
    CutConstraints constraints = segments.constraints();
    return String.format(
        Locale.ROOT,
        "no cut of %s into %s keeps every rank within %s; %s would" + " do%s",
        new Amount(segments.layers(), "layer"),
        new Amount(constraints.stages(), "stage"),
        new Bytes(constraints.memoryLimit()).down(),
        new Bytes(leastMemory(segments)).up(),
        constraints.shared() ? "" : stagesThatDo(segments));
  }

  private static String stagesThatDo(Segments segments) {
    CutConstraints constraints = segments.constraints();
    int layers = segments.layers();
    int inFlight = constraints.inFlight().stream().max(Integer::compare).orElseThrow();
    for (int stages = constraints.stages() + 1; stages <= layers; stages++) {
      double bytes =
          Bottleneck.least(
              layers, stages, (stage, first, end) -> segments.bytesWith(inFlight, first, end));
      if (bytes <= constraints.memoryLimit()) {
        return String.format(
            Locale.ROOT,
            ", or %s if none keeps more than %s; fewer rows in a micro-batch" + " take less too",
            new Amount(stages, "stage"),
            new Amount(inFlight, "micro-batch"));
      }
    }
    if (inFlight > 1 && mostOfALayer(segments, 1) <= constraints.memoryLimit()) {
      return String.format(
          Locale.ROOT,
          "; more stages alone would not do, so keep fewer micro-batches in flight than %d, or put"
              + " fewer rows in each",
          inFlight);
    }
    long alone = mostOfALayer(segments, 0);
    return alone < constraints.memoryLimit()
        ? "; more stages would not do, so put fewer rows in a micro-batch, if it has several"
        : String.format(
            Locale.ROOT,
            "; weights, gradients and updater state of one layer take %s alone, so no other cut"
                + " would do and only more memory or a smaller layer will",
            new Bytes(alone).up());
  }

  /** Returns the bytes of the layer that takes most, with a number of micro-batches in flight. */
  private static long mostOfALayer(Segments segments, int inFlight) {
    return IntStream.range(0, segments.layers())
        .mapToLong(layer -> segments.bytesWith(inFlight, layer, layer + 1))
        .max()
        .orElseThrow();
  }
}
