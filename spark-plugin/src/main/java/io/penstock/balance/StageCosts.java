package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.schedule.Costs;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Adds costs of layers up to costs of stages, for the simulator. Stateless; any thread may call.
 */
public final class StageCosts {
  private StageCosts() {}

  /**
   * Adds up the layers of each stage of a cut. What a stage keeps of a micro-batch includes its
   * input; weights and optimizer state are no part of it, for they do not come and go.
   *
   * @param latency of every link, in the unit of the layers' times
   * @param bandwidth of every link, in bytes per that unit; may be infinite
   * @throws IllegalArgumentException if the cut is of another number of layers, or latency or
   *     bandwidth are none
   */
  public static Costs of(Cut cut, LayerCosts layers, double latency, double bandwidth) {
    return of(cut, layers, new LinkCost(latency, bandwidth));
  }

  /**
   * Adds up the layers of each stage of a cut on ranks that are alike, over links that may keep
   * ranks from computing.
   *
   * @param link every link, its times in the unit of the layers'
   * @throws IllegalArgumentException if the cut is of another number of layers
   */
  public static Costs of(Cut cut, LayerCosts layers, LinkCost link) {
    return of(cut, layers, link, stage -> 0);
  }

  /**
   * Adds up the layers of each stage on the rank that a schedule has it on, for ranks may differ in
   * time.
   *
   * @param link every link, its times in the unit of the layers'
   * @throws IllegalArgumentException if the cut is of another number of layers
   */
  static Costs of(Cut cut, LayerCosts layers, LinkCost link, Schedule schedule) {
    return of(cut, layers, link, schedule::rankOf);
  }

  private static Costs of(Cut cut, LayerCosts layers, LinkCost link, IntUnaryOperator rankOf) {
    if (cut.layers() != layers.count()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the cut is of %s, the costs are of %d; give the costs of the network that was"
                  + " cut",
              new Amount(cut.layers(), "layer"),
              layers.count()));
    }
    return new Costs(
        sums(cut, layers, rankOf, LayerCost::forward),
        sums(cut, layers, rankOf, LayerCost::inputGradient),
        sums(cut, layers, rankOf, LayerCost::weightGradient),
        each(cut, stage -> layers.keptBytes(cut.first(stage), cut.end(stage))),
        each(cut, stage -> layers.bytesInto(cut.first(stage), cut.end(stage))),
        each(cut, stage -> layers.layers().get(cut.end(stage) - 1).outputBytes()),
        link,
        Map.of());
  }

  private static List<Double> sums(
      Cut cut, LayerCosts layers, IntUnaryOperator rankOf, ToDoubleFunction<LayerCost> time) {
    return each(
        cut,
        stage ->
            layers.on(rankOf.applyAsInt(stage)).subList(cut.first(stage), cut.end(stage)).stream()
                .mapToDouble(time)
                .sum());
  }

  private static List<Double> each(Cut cut, IntToDoubleFunction value) {
    return IntStream.range(0, cut.stages()).mapToDouble(value).boxed().toList();
  }
}
