package io.penstock.ml;

import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.WeightGradientsLast;
import io.penstock.train.Retention;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Cut of a network, by estimated costs, whose stages fit on executors: with the gradients of all
 * layers where they do, else with those of one layer at a time, if that may be: see {@link
 * Retention}.
 *
 * @param network to be cut
 * @param rows of a micro-batch
 * @param updater whose state executors hold
 * @param schedule of the stages
 * @param mayLetGradientsGo whether gradients of one layer at a time will do
 */
record MemoryCut(
    Sequential network, int rows, Updater updater, Schedule schedule, boolean mayLetGradientsGo) {
  /**
   * Returns the cut whose slowest stage is fastest.
   *
   * @param bytes of an executor
   * @throws IllegalArgumentException if none fits in memory, or there are fewer layers than stages
   */
  Cut best(long bytes) {
    return found(bytes, Partitioner::partition);
  }

  /**
   * Returns a cut that somebody made by hand.
   *
   * @param starts the first layer of every stage
   * @param bytes of an executor
   * @throws IllegalArgumentException if it does not fit in memory, or the network
   */
  Cut checked(List<Integer> starts, long bytes) {
    Cut own = new Cut(starts, network.layers().size());
    return found(
        bytes,
        (costs, constraints) -> {
          Partitioner.check(own, costs, constraints);
          return own;
        });
  }

  private Cut found(long bytes, BiFunction<LayerCosts, CutConstraints, Cut> find) {
    CutConstraints all = CutConstraints.of(schedule).withMemoryLimit(bytes);
    try {
      return find.apply(LayerCosts.estimated(network, rows, updater), all);
    } catch (IllegalArgumentException tooLittle) {
      if (!mayLetGradientsGo || bytes == CutConstraints.UNLIMITED) {
        throw tooLittle;
      }
    }
    int stagesOfARank = schedule.stages() / schedule.ranks().size();
    long inTurn = stagesOfARank * LayerCosts.largestGradient(network);
    return find.apply(
        LayerCosts.estimated(network, rows, updater, false),
        CutConstraints.of(WeightGradientsLast.order(schedule))
            .withMemoryLimit(Math.max(0, bytes - inTurn)));
  }
}
