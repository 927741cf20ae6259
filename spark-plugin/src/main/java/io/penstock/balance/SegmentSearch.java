package io.penstock.balance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Search for the segments of one rank's stages that spend the least time again within its memory.
 * For one thread.
 *
 * <p>A segment that is kept holds its input and its layers' activations of every micro-batch in
 * flight; one that is done again holds its input of every one, and its activations of those whose
 * input gradient is done and whose weight gradient is not. Besides there is room for the largest
 * segment that is done again, once. Each possible size of that is tried. For each, dynamic
 * programming over layers and bytes, a knapsack of segments, finds the least time: O(layers² ×
 * {@value #PARTS}), exact up to a part of the limit for every segment, on the safe side.
 */
final class SegmentSearch {
  /** Parts of the limit in which bytes are counted. */
  static final int PARTS = 256;

  /** Sizes of the largest segment that are tried, evenly among those there are. */
  private static final int MOST_SIZES = 32;

  /** Sums of the same times in another order differ by less than this, relatively. */
  private static final double ROUNDING = 1e-9;

  /**
   * Stage of the rank.
   *
   * @param first its first layer
   * @param end the layer after its last
   * @param inFlight the most micro-batches between forward and weight gradient
   * @param inputs the most micro-batches whose input is kept of a segment that is done again: as
   *     many, unless they are on disk meanwhile
   * @param halfDone the most micro-batches between input gradient and weight gradient
   */
  record OfStage(int first, int end, int inFlight, int inputs, int halfDone) {}

  /**
   * Segment of a stage.
   *
   * @param first its first layer
   * @param end the layer after its last
   * @param again whether its forward is done again
   */
  record Segment(int first, int end, boolean again) {}

  /**
   * Segments found.
   *
   * @param byStage of each of the rank's stages, in their order
   * @param time spent again for one micro-batch
   */
  record Found(List<List<Segment>> byStage, double time) {}

  private final LayerCosts layers;
  private final List<OfStage> stages;
  private final long[] kept;
  private final double[] forward;

  SegmentSearch(LayerCosts layers, List<OfStage> stages) {
    this.layers = layers;
    this.stages = stages;
    this.kept = new long[layers.count() + 1];
    this.forward = new double[layers.count() + 1];
    for (int layer = 0; layer < layers.count(); layer++) {
      kept[layer + 1] = kept[layer] + layers.layers().get(layer).keptBytes();
      forward[layer + 1] = forward[layer] + layers.layers().get(layer).forward();
    }
  }

  /** Returns what a segment holds all the time. */
  private long held(OfStage stage, int first, int end, boolean again) {
    long own = kept[end] - kept[first];
    return (again ? stage.inputs : stage.inFlight) * layers.bytesInto(first, end)
        + (again ? stage.halfDone : stage.inFlight) * own;
  }

  /** Returns the fewest bytes that any segments need. */
  long leastBytes() {
    return sizes().stream().mapToLong(most -> most + leastHeld(most)).min().orElseThrow();
  }

  /** Returns the fewest bytes held where no segment of more than a size is done again. */
  private long leastHeld(long most) {
    long all = 0;
    for (OfStage stage : stages) {
      int count = stage.end - stage.first;
      long[] least = new long[count + 1];
      for (int end = 1; end <= count; end++) {
        least[end] = Long.MAX_VALUE;
        for (int first = 0; first < end; first++) {
          int from = stage.first + first;
          int to = stage.first + end;
          boolean may = kept[to] - kept[from] <= most;
          long segment = held(stage, from, to, false);
          segment = may ? Math.min(segment, held(stage, from, to, true)) : segment;
          least[end] = Math.min(least[end], least[first] + segment);
        }
      }
      all += least[count];
    }
    return all;
  }

  /** Returns the segments that spend least time again; empty if none need as little. */
  Optional<Found> within(long limit) {
    Optional<Found> best = Optional.empty();
    for (long most : sizes()) {
      if (most <= limit && leastHeld(most) <= limit - most) {
        Optional<Found> found = found(most, limit - most);
        if (found.isPresent() && (best.isEmpty() || isQuicker(found.get(), best.get()))) {
          best = found;
        }
      }
    }
    return best;
  }

  private static boolean isQuicker(Found one, Found other) {
    return one.time < other.time * (1 - ROUNDING);
  }

  /**
   * Returns the sizes that the largest segment done again can have, 0 where none is; large ones
   * first, for of equal times that is taken which is found first, and few segments hand over least.
   */
  private List<Long> sizes() {
    TreeSet<Long> all = new TreeSet<>();
    all.add(0L);
    for (OfStage stage : stages) {
      for (int first = stage.first; first < stage.end; first++) {
        for (int end = first + 1; end <= stage.end; end++) {
          all.add(kept[end] - kept[first]);
        }
      }
    }
    List<Long> sizes = List.copyOf(all.descendingSet());
    if (sizes.size() <= MOST_SIZES) {
      return sizes;
    }
    List<Long> some = new ArrayList<>();
    for (int i = 0; i < MOST_SIZES; i++) {
      some.add(sizes.get((int) ((long) i * (sizes.size() - 1) / (MOST_SIZES - 1))));
    }
    return some;
  }

  /**
   * @param most the largest segment that may be done again
   * @param room for what segments hold
   */
  private Optional<Found> found(long most, long room) {
    long part = Math.max(1, (room + PARTS - 1) / PARTS);
    int parts = (int) (room / part);
    List<double[][]> leasts = new ArrayList<>();
    double[] before = new double[parts + 1]; // the least time with so many parts or fewer
    for (OfStage stage : stages) {
      int count = stage.end - stage.first;
      double[][] least = new double[count + 1][parts + 1];
      least[0] = before;
      for (int end = 1; end <= count; end++) {
        Arrays.fill(least[end], Double.POSITIVE_INFINITY);
        for (Option option : options(stage, stage.first + end, most, part)) {
          lower(least[end], least[option.segment.first - stage.first], option);
        }
      }
      leasts.add(least);
      before = least[count];
    }
    return before[parts] == Double.POSITIVE_INFINITY
        ? Optional.empty()
        : Optional.of(new Found(segments(leasts, most, parts, part), before[parts]));
  }

  /** A segment that could be, its time, and the parts of the room that it needs. */
  private record Option(Segment segment, double time, int parts) {}

  /**
   * Returns the segments that may end with a layer: the longest first, and kept rather than not.
   */
  private List<Option> options(OfStage stage, int end, long most, long part) {
    List<Option> options = new ArrayList<>();
    for (int first = stage.first; first < end; first++) {
      options.add(option(stage, new Segment(first, end, false), 0, part));
      if (kept[end] - kept[first] <= most) {
        double time = forward[end] - forward[first];
        options.add(option(stage, new Segment(first, end, true), time, part));
      }
    }
    return options;
  }

  private Option option(OfStage stage, Segment segment, double time, long part) {
    long bytes = held(stage, segment.first, segment.end, segment.again);
    return new Option(segment, time, (int) Math.min(PARTS + 1, (bytes + part - 1) / part));
  }

  /** Lowers the times of what ends with a segment to those with it. */
  private static void lower(double[] to, double[] from, Option option) {
    double time = option.time;
    int need = option.parts;
    for (int parts = need; parts < to.length; parts++) {
      double with = from[parts - need] + time;
      if (with < to[parts]) {
        to[parts] = with;
      }
    }
  }

  /** Goes back from the end over the segments that make the least time. */
  private List<List<Segment>> segments(List<double[][]> leasts, long most, int all, long part) {
    LinkedList<List<Segment>> byStage = new LinkedList<>();
    int left = all;
    for (int index = stages.size() - 1; index >= 0; index--) {
      OfStage stage = stages.get(index);
      double[][] least = leasts.get(index);
      LinkedList<Segment> segments = new LinkedList<>();
      for (int end = stage.end; end > stage.first; end = segments.getFirst().first) {
        double time = least[end - stage.first][left] * (1 + ROUNDING);
        for (Option option : options(stage, end, most, part)) {
          int rest = left - option.parts;
          int first = option.segment.first - stage.first;
          if (rest >= 0 && least[first][rest] + option.time <= time) {
            segments.addFirst(option.segment);
            left = rest;
            break;
          }
        }
      }
      byStage.addFirst(List.copyOf(segments));
    }
    return List.copyOf(byStage);
  }
}
