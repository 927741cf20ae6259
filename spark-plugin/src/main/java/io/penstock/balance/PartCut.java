package io.penstock.balance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;

/**
 * Part of a cut: its first stages, as far as it is made. Immutable.
 *
 * @param before this part without its last stage; null before the first
 * @param first the first layer of the last stage
 * @param end the layer after its last
 * @param times what the stages so far take on each rank
 * @param bytes what they need on each rank
 * @param slowestRank the most that a rank takes, and no less than a slowest stage cannot avoid
 * @param squares the sum of the squares of what the stages take
 * @param counts the sum of the squares of how many layers they have
 */
record PartCut(
    PartCut before,
    int first,
    int end,
    double[] times,
    long[] bytes,
    double slowestRank,
    double squares,
    long counts) {

  static PartCut empty(int ranks, double slowestStage) {
    return new PartCut(null, 0, 0, new double[ranks], new long[ranks], slowestStage, 0, 0);
  }

  /** Adds a stage that takes the layers from the end to a new end. */
  PartCut with(int rank, int newEnd, double cost, long need) {
    double[] newTimes = times.clone();
    newTimes[rank] += cost;
    long[] newBytes = bytes.clone();
    newBytes[rank] += need;
    return new PartCut(
        this,
        end,
        newEnd,
        newTimes,
        newBytes,
        Math.max(slowestRank, newTimes[rank]),
        squares + cost * cost,
        counts + (long) (newEnd - end) * (newEnd - end));
  }

  /** Compares two cuts of the same layers: less is better. */
  int compareTo(PartCut other) {
    int order = Double.compare(slowestRank, other.slowestRank);
    return order != 0 ? order : compareEvenness(other);
  }

  /**
   * Compares by least squares of times, then of counts, then by the most layers on the last stages.
   */
  private int compareEvenness(PartCut other) {
    int order = Double.compare(squares, other.squares);
    if (order == 0) {
      order = Long.compare(counts, other.counts);
    }
    PartCut mine = this;
    PartCut theirs = other;
    while (order == 0 && mine != theirs) {
      order = Integer.compare(mine.first, theirs.first);
      mine = mine.before;
      theirs = theirs.before;
    }
    return order;
  }

  /**
   * Returns whether nothing that can be added makes the other the better one, or lets it fit where
   * this does not. Both end with the same layer of the same stage.
   *
   * @param open the ranks that will get more stages
   */
  boolean dominates(PartCut other, int[] open) {
    if (slowestRank > other.slowestRank || compareEvenness(other) > 0) {
      return false;
    }
    for (int rank : open) {
      if (times[rank] > other.times[rank]) {
        return false;
      }
    }
    return needsNoMoreThan(other, open);
  }

  /** Returns whether whatever can be added to the other can be added to this as well. */
  boolean needsNoMoreThan(PartCut other, int[] open) {
    for (int rank : open) {
      if (bytes[rank] > other.bytes[rank]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the most bytes on a rank. */
  long mostBytes() {
    return Arrays.stream(bytes).max().orElse(0);
  }

  /** Returns the first layers of all stages. */
  List<Integer> starts() {
    LinkedList<Integer> starts = new LinkedList<>();
    for (PartCut part = this; part.before != null; part = part.before) {
      starts.addFirst(part.first);
    }
    return new ArrayList<>(starts);
  }
}
