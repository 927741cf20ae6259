package io.penstock.balance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Searches the best cut where ranks hold several stages, which ties stages together that lie far
 * apart. For one thread. Goes through the stages and keeps, for each layer that a stage may end
 * with, the part-cuts of which none dominates another (label setting, as in multi-criteria shortest
 * paths; Martins 1984). With one stage a rank that is a single one: then this is plain dynamic
 * programming.
 */
final class CutSearch {
  /** Most part-cuts that are kept; beyond it the worst go first, and with them the guarantee. */
  static final int MOST_KEPT = 64;

  private final Segments segments;
  private final CutConstraints constraints;
  private final int layers;
  private final int[] rankOf;
  private final long memoryLimit;
  private final int mostKept;

  CutSearch(Segments segments, long memoryLimit) {
    this(segments, memoryLimit, MOST_KEPT);
  }

  CutSearch(Segments segments, long memoryLimit, int mostKept) {
    this.mostKept = mostKept;
    this.segments = segments;
    this.constraints = segments.constraints();
    this.layers = segments.layers();
    int[] distinct =
        constraints.ranks().stream().mapToInt(rank -> rank).distinct().sorted().toArray();
    this.rankOf =
        constraints.ranks().stream()
            .mapToInt(rank -> Arrays.binarySearch(distinct, rank))
            .toArray();
    this.memoryLimit = memoryLimit;
  }

  /** Returns the least cost that the slowest stage can have; infinite if no cut fits in memory. */
  double slowestStage() {
    double bound = Bottleneck.least(layers, constraints.stages(), this::costIfItFits);
    if (bound == Double.POSITIVE_INFINITY || !isShared() || fits(bound)) {
      return bound;
    }
    // What does not fit stage by stage on a shared rank may fit with a slower slowest stage.
    double[] possible = segments.possibleCosts();
    int low = Arrays.binarySearch(possible, bound) + 1;
    int high = possible.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (fits(possible[middle])) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == possible.length ? Double.POSITIVE_INFINITY : possible[low];
  }

  /** Returns the best cut with no stage slower than that. */
  Cut best(double slowestStage) {
    PartCut best = search(slowestStage, true).or(() -> search(slowestStage, false)).orElseThrow();
    return new Cut(best.starts(), layers);
  }

  /** Returns whether some cut without a slower stage fits in memory. */
  boolean fits(double slowestStage) {
    return search(slowestStage, false).isPresent();
  }

  private boolean isShared() {
    return constraints.shared();
  }

  private double costIfItFits(int stage, int first, int end) {
    return segments.bytes(stage, first, end) <= memoryLimit
        ? segments.cost(stage, first, end)
        : Double.POSITIVE_INFINITY;
  }

  /**
   * @param best whether to look for the best one, or for any that fits
   */
  private Optional<PartCut> search(double slowestStage, boolean best) {
    int stages = constraints.stages();
    // A limit of infinity must not let in what does not fit.
    double limit = Math.min(slowestStage, Double.MAX_VALUE);
    boolean[][] starts = Bottleneck.startsWithin(limit, layers, stages, this::costIfItFits);
    List<List<PartCut>> parts = IntStream.rangeClosed(0, layers).mapToObj(end -> none()).toList();
    int ranks = (int) Arrays.stream(rankOf).distinct().count();
    if (starts[0][0]) {
      parts.get(0).add(PartCut.empty(ranks, slowestStage));
    }
    for (int stage = 0; stage < stages; stage++) {
      int[] open = open(stage);
      List<List<PartCut>> next = IntStream.rangeClosed(0, layers).mapToObj(end -> none()).toList();
      for (int first = stage; first < layers; first++) {
        if (parts.get(first).isEmpty()) {
          continue;
        }
        for (int end = first + 1; end <= layers; end++) {
          if (segments.time(first, end) > limit) {
            break;
          }
          double cost = costIfItFits(stage, first, end);
          if (starts[stage + 1][end] && cost <= limit) {
            long need = segments.bytes(stage, first, end);
            for (PartCut part : parts.get(first)) {
              if (part.bytes()[rankOf[stage]] + need <= memoryLimit) {
                add(next.get(end), part.with(rankOf[stage], end, cost, need), open, best);
              }
            }
          }
        }
      }
      parts = next;
    }
    return parts.get(layers).stream().min(PartCut::compareTo);
  }

  private static List<PartCut> none() {
    return new ArrayList<>();
  }

  private int[] open(int stage) {
    return Arrays.stream(rankOf, stage + 1, rankOf.length)
        .distinct()
        .filter(rank -> Arrays.stream(rankOf, 0, stage + 1).anyMatch(used -> used == rank))
        .toArray();
  }

  private void add(List<PartCut> kept, PartCut part, int[] open, boolean best) {
    for (PartCut other : kept) {
      if (best ? other.dominates(part, open) : other.needsNoMoreThan(part, open)) {
        return;
      }
    }
    kept.removeIf(other -> best ? part.dominates(other, open) : part.needsNoMoreThan(other, open));
    kept.add(part);
    if (kept.size() > mostKept) {
      Comparator<PartCut> order =
          best ? PartCut::compareTo : Comparator.comparingLong(PartCut::mostBytes);
      kept.remove(kept.stream().max(order).orElseThrow());
    }
  }
}
