package io.penstock.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every cut there is, each judged by the definition alone, and random cases to try them on. */
final class AllCuts {
  private AllCuts() {}

  static List<Cut> of(int layers, int stages) {
    List<Cut> cuts = new ArrayList<>();
    extend(List.of(0), layers, stages, cuts);
    return cuts;
  }

  private static void extend(List<Integer> starts, int layers, int stages, List<Cut> cuts) {
    if (starts.size() == stages) {
      cuts.add(new Cut(starts, layers));
      return;
    }
    for (int next = starts.get(starts.size() - 1) + 1; next < layers; next++) {
      List<Integer> longer = new ArrayList<>(starts);
      longer.add(next);
      extend(longer, layers, stages, cuts);
    }
  }

  /** Slowest stage, slowest rank, sum of squared costs, sum of squared layer counts. */
  static double[] figures(Cut cut, LayerCosts costs, CutConstraints constraints) {
    double[] ranks = new double[constraints.stages()];
    double[] figures = new double[4];
    for (int stage = 0; stage < cut.stages(); stage++) {
      double cost = stageCost(stage, cut, costs, constraints);
      int layers = cut.end(stage) - cut.first(stage);
      ranks[constraints.ranks().get(stage)] += cost;
      figures[0] = Math.max(figures[0], cost);
      figures[2] += cost * cost;
      figures[3] += layers * layers;
    }
    figures[1] = IntStream.range(0, ranks.length).mapToDouble(rank -> ranks[rank]).max().orElse(0);
    return figures;
  }

  private static double stageCost(
      int stage, Cut cut, LayerCosts costs, CutConstraints constraints) {
    double cost = 0;
    int rank = constraints.ranks().get(stage);
    for (LayerCost layer : costs.on(rank).subList(cut.first(stage), cut.end(stage))) {
      cost += layer.forward() + layer.inputGradient() + layer.weightGradient();
    }
    List<Integer> ranks = constraints.ranks();
    if (stage + 1 < cut.stages() && !ranks.get(stage).equals(ranks.get(stage + 1))) {
      long bytes = costs.layers().get(cut.end(stage) - 1).outputBytes();
      cost += constraints.frameCost() + bytes * constraints.byteCost();
    }
    if (stage > 0 && !ranks.get(stage).equals(ranks.get(stage - 1))) {
      long bytes = costs.layers().get(cut.first(stage) - 1).outputBytes();
      cost += constraints.frameCost() + bytes * constraints.byteCost();
    }
    return cost;
  }

  /** The bytes of the rank that needs most. */
  static long bytes(Cut cut, LayerCosts costs, CutConstraints constraints) {
    return IntStream.range(0, cut.stages())
        .boxed()
        .collect(
            Collectors.groupingBy(
                constraints.ranks()::get,
                Collectors.summingLong(stage -> stageBytes(stage, cut, costs, constraints))))
        .values()
        .stream()
        .max(Long::compare)
        .orElseThrow();
  }

  private static long stageBytes(int stage, Cut cut, LayerCosts costs, CutConstraints constraints) {
    int first = cut.first(stage);
    long state = 0;
    long kept = first == 0 ? costs.inputBytes() : costs.layers().get(first - 1).outputBytes();
    for (LayerCost layer : costs.layers().subList(first, cut.end(stage))) {
      state += layer.stateBytes();
      kept += layer.keptBytes();
    }
    return state + constraints.inFlight().get(stage) * kept;
  }

  /** Whole numbers, zeros among them: they add up exactly, so all figures can be compared. */
  static LayerCosts randomCosts(Random random, int layers) {
    int most = random.nextBoolean() ? 4 : 30;
    List<LayerCost> costs =
        Stream.generate(
                () ->
                    new LayerCost(
                        random.nextInt(most),
                        random.nextInt(most),
                        random.nextInt(most),
                        random.nextInt(20),
                        random.nextInt(10),
                        random.nextInt(10)))
            .limit(layers)
            .toList();
    return new LayerCosts(costs, random.nextInt(10));
  }

  /** The same layers on as many ranks, each of which takes another multiple of the time. */
  static LayerCosts onUnequalRanks(Random random, LayerCosts costs, int ranks) {
    return LayerCosts.byRank(
        IntStream.range(0, ranks)
            .mapToObj(rank -> 1 + random.nextInt(4))
            .map(times -> costs.layers().stream().map(layer -> slower(layer, times)).toList())
            .map(layers -> new LayerCosts(layers, costs.inputBytes()))
            .toList());
  }

  private static LayerCost slower(LayerCost layer, int times) {
    return layer.withTimes(
        times * layer.forward(), times * layer.inputGradient(), times * layer.weightGradient());
  }

  /** Stages in a row, looped over the ranks, or there and back in a V. */
  static CutConstraints randomLayout(Random random, int stages) {
    int ranks = 1 + random.nextInt(stages);
    int placement = random.nextInt(3);
    List<Integer> rankOf =
        IntStream.range(0, stages)
            .mapToObj(
                stage ->
                    switch (placement) {
                      case 0 -> stage;
                      case 1 -> stage % ranks;
                      default -> Math.min(stage, stages - 1 - stage);
                    })
            .toList();
    CutConstraints constraints =
        CutConstraints.of(stages)
            .withRanks(rankOf)
            .withInFlight(random.ints(stages, 0, 5).boxed().toList());
    return random.nextBoolean()
        ? constraints
        : constraints.withSendCost(random.nextInt(5), random.nextInt(4) / 2.0);
  }
}
