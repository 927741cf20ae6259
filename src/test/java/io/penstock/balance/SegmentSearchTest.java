package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.SegmentSearch.Found;
import io.penstock.balance.SegmentSearch.OfStage;
import io.penstock.balance.SegmentSearch.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SegmentSearchTest {
  /** Layers of small costs, so that the search's bytes are exact. */
  private static LayerCosts random(Random random, int layers) {
    return new LayerCosts(
        IntStream.range(0, layers)
            .mapToObj(
                layer ->
                    new LayerCost(random.nextInt(6), 1, 1, 0, random.nextInt(9), random.nextInt(4)))
            .toList(),
        random.nextInt(4),
        layers < 3
            ? List.of()
            : List.of(new SkipCost(random.nextInt(layers - 1), layers - 1, random.nextInt(5))));
  }

  private static LayerCosts equal(int layers) {
    return new LayerCosts(
        IntStream.range(0, layers).mapToObj(i -> new LayerCost(1, 1, 1, 0, 10, 1)).toList(), 1);
  }

  /** One stage or two, with layers of other ranks between them. */
  private static List<OfStage> stages(Random random, int layers) {
    int first = random.nextInt(2);
    int half = random.nextInt(2);
    if (layers < 4 || random.nextBoolean()) {
      return List.of(stage(random, first, layers, half));
    }
    int end = first + 1 + random.nextInt(layers - first - 1);
    int next = end + random.nextInt(layers - end);
    return List.of(stage(random, first, end, half), stage(random, next, layers, half));
  }

  private static OfStage stage(Random random, int first, int end, int halfDone) {
    int inFlight = 1 + random.nextInt(4);
    return new OfStage(first, end, inFlight, 1 + random.nextInt(inFlight), halfDone);
  }

  /** All ways to divide the layers of a stage, each of whose segments is kept or done again. */
  private static List<List<Segment>> all(int first, int end) {
    List<List<Segment>> all = new ArrayList<>();
    if (first == end) {
      all.add(List.of());
    }
    for (int next = first + 1; next <= end; next++) {
      for (List<Segment> rest : all(next, end)) {
        for (boolean again : new boolean[] {false, true}) {
          List<Segment> one = new ArrayList<>();
          one.add(new Segment(first, next, again));
          one.addAll(rest);
          all.add(one);
        }
      }
    }
    return all;
  }

  private static List<List<List<Segment>>> all(List<OfStage> stages) {
    List<List<List<Segment>>> all = List.of(List.of());
    for (OfStage stage : stages) {
      List<List<List<Segment>>> more = new ArrayList<>();
      for (List<List<Segment>> before : all) {
        for (List<Segment> own : all(stage.first(), stage.end())) {
          List<List<Segment>> with = new ArrayList<>(before);
          with.add(own);
          more.add(with);
        }
      }
      all = more;
    }
    return all;
  }

  private static long sum(LayerCosts layers, Segment segment) {
    return layers.keptBytes(segment.first(), segment.end())
        - layers.bytesInto(segment.first(), segment.end());
  }

  /** What a rank needs, by the words of the search's documentation. */
  private static long bytes(LayerCosts layers, List<OfStage> stages, List<List<Segment>> byStage) {
    long held = 0;
    long most = 0;
    for (int i = 0; i < stages.size(); i++) {
      for (Segment segment : byStage.get(i)) {
        OfStage stage = stages.get(i);
        held +=
            (segment.again() ? stage.inputs() : stage.inFlight())
                * layers.bytesInto(segment.first(), segment.end());
        held += (segment.again() ? stage.halfDone() : stage.inFlight()) * sum(layers, segment);
        most = segment.again() ? Math.max(most, sum(layers, segment)) : most;
      }
    }
    return held + most;
  }

  private static double time(LayerCosts layers, List<List<Segment>> byStage) {
    return byStage.stream()
        .flatMap(List::stream)
        .filter(Segment::again)
        .flatMap(segment -> layers.layers().subList(segment.first(), segment.end()).stream())
        .mapToDouble(LayerCost::forward)
        .sum();
  }

  @Test
  void noSegmentsSpendLessTimeAgainWithinTheMemory() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      LayerCosts layers = random(random, 2 + random.nextInt(5));
      List<OfStage> stages = stages(random, layers.count());
      SegmentSearch search = new SegmentSearch(layers, stages);
      List<List<List<Segment>>> all = all(stages);
      long least = all.stream().mapToLong(one -> bytes(layers, stages, one)).min().orElseThrow();
      assertEquals(least, search.leastBytes());
      assertTrue(search.within(least - 1).isEmpty());
      for (long limit = least; limit < least + 60; limit += 1 + random.nextInt(10)) {
        Found found = search.within(limit).orElseThrow();
        long within = limit;
        double best =
            all.stream()
                .filter(one -> bytes(layers, stages, one) <= within)
                .mapToDouble(one -> time(layers, one))
                .min()
                .orElseThrow();
        String what = layers + ", " + stages + " in " + limit + ": " + found;
        assertEquals(best, found.time(), what);
        assertEquals(best, time(layers, found.byStage()), what);
        assertTrue(bytes(layers, stages, found.byStage()) <= limit, what);
      }
    }
  }

  @Test
  void whatFitsIsKeptWhole() {
    OfStage stage = new OfStage(0, 8, 4, 4, 0);
    Found found = new SegmentSearch(equal(8), List.of(stage)).within(4 * 81).orElseThrow();
    assertEquals(List.of(List.of(new Segment(0, 8, false))), found.byStage());
    assertEquals(0, found.time());
  }

  /** 4 in flight keep 4 inputs of each segment, and one segment is there at a time. */
  @Test
  void noMoreIsDoneAgainThanHasTo() {
    OfStage stage = new OfStage(0, 8, 4, 4, 0);
    SegmentSearch search = new SegmentSearch(equal(8), List.of(stage));
    Found tight = search.within(4 * 81 - 1).orElseThrow();
    assertEquals(1, tight.time());
    assertEquals(8, search.within(search.leastBytes()).orElseThrow().time());
    assertEquals(4 * 4 + 20, search.leastBytes()); // four segments of two layers
    double before = 8;
    for (long limit = search.leastBytes(); limit < 330; limit += 2) {
      double time = search.within(limit).orElseThrow().time();
      assertTrue(time <= before, "more memory never costs time");
      before = time;
    }
    assertEquals(0, before);
  }

  /** In bytes of any size what is found is on the safe side. */
  @Test
  void largeNumbersAreRoundedToTheSafeSide() {
    Random random = new Random(2);
    for (int i = 0; i < 50; i++) {
      int count = 20 + random.nextInt(20);
      LayerCosts layers =
          new LayerCosts(
              IntStream.range(0, count)
                  .mapToObj(
                      layer ->
                          new LayerCost(
                              random.nextDouble(),
                              1,
                              1,
                              0,
                              random.nextInt(1 << 30),
                              random.nextInt(1 << 20)))
                  .toList(),
              random.nextInt(1 << 20));
      List<OfStage> stages = List.of(stage(random, 0, count, 0));
      SegmentSearch search = new SegmentSearch(layers, stages);
      long whole = bytes(layers, stages, List.of(List.of(new Segment(0, count, false))));
      for (double share : new double[] {0.3, 0.5, 0.7, 0.9}) {
        Optional<Found> found = search.within((long) (share * whole));
        found.ifPresent(
            it -> assertTrue(bytes(layers, stages, it.byStage()) <= (long) (share * whole)));
        assertTrue(found.isPresent() || search.leastBytes() > 0.8 * share * whole);
      }
      assertFalse(search.within(whole).isEmpty());
      assertEquals(0, search.within(whole + whole / 8).orElseThrow().time());
    }
  }

  /** Two hundred layers on one rank. */
  @Test
  void manyLayersTakeAMoment() {
    SegmentSearch search = new SegmentSearch(equal(200), List.of(new OfStage(0, 200, 8, 8, 0)));
    long whole = 8 * 2001;
    Found half = search.within(whole / 2).orElseThrow();
    assertTrue(half.time() > 80 && half.time() < 120, () -> "" + half.time());
  }
}
