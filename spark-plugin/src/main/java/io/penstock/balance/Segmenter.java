package io.penstock.balance;

import io.penstock.balance.SegmentSearch.Found;
import io.penstock.balance.SegmentSearch.OfStage;
import io.penstock.balance.SegmentSearch.Segment;
import io.penstock.schedule.Action;
import io.penstock.schedule.ActivationPeaks;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Segmentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Planner of activation checkpointing by layer, for one schedule and cut: which segments each stage
 * is divided into, and which of them are done again. Immutable.
 *
 * @param schedule of whole stages, without second forwards
 * @param cut into whole stages
 * @param layers costs of the layers
 * @param offload whether the inputs of segments that are done again go to disk
 */
record Segmenter(Schedule schedule, Cut cut, LayerCosts layers, boolean offload) {
  /**
   * Factors of a rank's memory that segments are looked for within. Micro-batches in flight on
   * several stages of a rank need not meet at one time, and a search adds up the most of each; what
   * it finds for more than there is may fit.
   */
  private static final double[] STRETCHES = {1, 1.08, 1.17, 1.28, 1.42, 1.6, 1.85, 2.2, 2.8};

  /**
   * Inputs that are in memory although they go to disk: the one being written, the next and the one
   * after.
   */
  private static final int INPUTS_BESIDE_DISK = 3;

  /** Share by which a limit is raised above the least bytes, until the search gets by with it. */
  private static final double ROUNDED = 0.02;

  /**
   * Returns the classic: each stage of n layers in √n segments, all of them done again (Chen et al.
   * 2016, arXiv 1604.06174, section 4.2), so that the one that keeps most keeps as little as it
   * can.
   */
  CutSchedule squareRoots() {
    List<List<Segment>> all = new ArrayList<>();
    for (int stage = 0; stage < cut.stages(); stage++) {
      int first = cut.first(stage);
      double[] kept =
          layers.layers().subList(first, cut.end(stage)).stream()
              .mapToDouble(LayerCost::keptBytes)
              .toArray();
      int segments = (int) Math.round(Math.sqrt(kept.length));
      Cut into = Partitioner.partition(kept, segments);
      all.add(
          IntStream.range(0, segments)
              .mapToObj(i -> new Segment(first + into.first(i), first + into.end(i), true))
              .toList());
    }
    return divided(all);
  }

  /**
   * Returns the segments that spend the least time again and keep every rank within its memory;
   * whole stages, if these do.
   *
   * @param memoryLimit bytes of state and activations that a rank can hold
   * @return empty if none were found
   */
  Optional<CutSchedule> within(long memoryLimit) {
    List<List<Segment>> all = wholes();
    long[] states = HeldBytes.states(schedule, cut, layers);
    for (int rank = 0; rank < states.length; rank++) {
      long room = memoryLimit - states[rank];
      if (peak(rank, all) > room) {
        Optional<Found> found = found(rank, room);
        if (found.isEmpty()) {
          return Optional.empty();
        }
        all = with(rank, found.get(), all);
      }
    }
    return Optional.of(divided(all));
  }

  /** Returns segments that need little memory: near the least there is. */
  CutSchedule least() {
    List<List<Segment>> all = wholes();
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      List<List<Segment>> divided = with(rank, least(rank), all);
      all = peak(rank, divided) < peak(rank, all) ? divided : all;
    }
    return divided(all);
  }

  private Found least(int rank) {
    SegmentSearch search = new SegmentSearch(layers.ofRank(rank), stages(rank));
    long least = search.leastBytes();
    Optional<Found> found = Optional.empty();
    for (double more = 1; found.isEmpty(); more *= 1 + ROUNDED) {
      found = search.within((long) Math.ceil(more * least)); // which counts in parts of it
    }
    return found.get();
  }

  private Optional<Found> found(int rank, long room) {
    SegmentSearch search = new SegmentSearch(layers.ofRank(rank), stages(rank));
    Optional<Found> best = Optional.empty();
    for (double stretch : STRETCHES) {
      Optional<Found> found = search.within((long) (stretch * room));
      if (found.isPresent()) {
        boolean fits = peak(rank, with(rank, found.get(), wholes())) <= room;
        if (!fits && best.isPresent()) {
          break;
        }
        best = fits ? found : best;
      }
    }
    return best.isPresent()
        ? best
        : Optional.of(least(rank)).filter(it -> peak(rank, with(rank, it, wholes())) <= room);
  }

  private List<List<Segment>> wholes() {
    List<List<Segment>> all = new ArrayList<>();
    for (int stage = 0; stage < cut.stages(); stage++) {
      all.add(List.of(new Segment(cut.first(stage), cut.end(stage), false)));
    }
    return all;
  }

  private List<List<Segment>> with(int rank, Found found, List<List<Segment>> others) {
    List<List<Segment>> all = new ArrayList<>(others);
    int[] stages = stagesOf(rank);
    for (int i = 0; i < stages.length; i++) {
      all.set(stages[i], found.byStage().get(i));
    }
    return all;
  }

  private int[] stagesOf(int rank) {
    return schedule.ranks().get(rank).stream()
        .mapToInt(Action::stage)
        .distinct()
        .sorted()
        .toArray();
  }

  /** Returns the stages of a rank with the most micro-batches that they have in flight. */
  private List<OfStage> stages(int rank) {
    int[] kept = new int[cut.stages()];
    int[] most = new int[cut.stages()];
    int[] half = new int[cut.stages()];
    int[] mostHalf = new int[cut.stages()];
    for (Action action : schedule.ranks().get(rank)) {
      int stage = action.stage();
      switch (action.kind()) {
        case F -> most[stage] = Math.max(most[stage], ++kept[stage]);
        case I -> mostHalf[stage] = Math.max(mostHalf[stage], ++half[stage]);
        case B -> kept[stage]--;
        case W -> {
          kept[stage]--;
          half[stage]--;
        }
        default -> {
          // Nothing comes or goes.
        }
      }
    }
    return Arrays.stream(stagesOf(rank))
        .mapToObj(
            stage ->
                new OfStage(
                    cut.first(stage),
                    cut.end(stage),
                    most[stage],
                    offload ? Math.min(most[stage], INPUTS_BESIDE_DISK) : most[stage],
                    mostHalf[stage]))
        .toList();
  }

  /** Returns the most bytes of activations that a rank keeps with these segments. */
  private double peak(int rank, List<List<Segment>> all) {
    Schedule own =
        new Schedule(
            schedule.name(),
            schedule.stages(),
            schedule.microBatches(),
            List.of(schedule.ranks().get(rank)));
    Schedule inMemory = segmentation(all).in(own);
    Schedule divided = offload ? Offloading.in(inMemory) : inMemory;
    Segment[] segments = all.stream().flatMap(List::stream).toArray(Segment[]::new);
    return ActivationPeaks.of(
            divided,
            i -> layers.keptBytes(segments[i].first(), segments[i].end()),
            i -> layers.bytesInto(segments[i].first(), segments[i].end()))
        .bytes()
        .get(0);
  }

  private CutSchedule divided(List<List<Segment>> all) {
    List<Integer> starts = all.stream().flatMap(List::stream).map(Segment::first).toList();
    return new CutSchedule(segmentation(all).in(schedule), new Cut(starts, cut.layers()));
  }

  private static Segmentation segmentation(List<List<Segment>> all) {
    return new Segmentation(
        all.stream().map(stage -> stage.stream().map(Segment::again).toList()).toList());
  }
}
