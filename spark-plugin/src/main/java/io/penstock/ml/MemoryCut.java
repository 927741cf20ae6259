package io.penstock.ml;

import io.penstock.Bytes;
import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.CutSchedule;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.RecomputePolicy;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.WeightGradientsLast;
import io.penstock.train.Retention;
import java.util.Optional;

/**
 * Cut of a network, by estimated costs, whose stages fit on executors: with the gradients of all
 * layers where they do, else with those of one layer at a time, if that may be: see {@link
 * Retention}.
 *
 * @param network to be cut
 * @param rows of a micro-batch
 * @param updater whose state executors hold
 * @param recomputation which layers' forwards are done again
 * @param offload whether what is kept for them goes to disk until then
 * @param stages schedule of whole stages
 * @param stateShares replicas that share the optimizer's state; 1 where each has it all
 * @param mayLetGradientsGo whether gradients of one layer at a time will do
 */
record MemoryCut(
    Sequential network,
    int rows,
    Updater updater,
    RecomputePolicy recomputation,
    boolean offload,
    Schedule stages,
    int stateShares,
    boolean mayLetGradientsGo) {
  /**
   * Returns the schedule, with second forwards, and the cut whose slowest stage is fastest.
   *
   * @param own a cut that somebody made by hand
   * @param bytes of an executor
   * @throws IllegalArgumentException if none fits in memory, the own one does not fit the network,
   *     or there are fewer layers than stages
   */
  CutSchedule within(Optional<Cut> own, long bytes) {
    try {
      LayerCosts costs =
          LayerCosts.estimated(SplitOutput.inTraining(network), rows, updater, true, stateShares);
      return recomputation.cut(stages, costs, own, bytes, offload);
    } catch (IllegalArgumentException tooLittle) {
      if (!mayLetGradientsGo || bytes == CutConstraints.UNLIMITED) {
        throw tooLittle;
      }
      return withoutGradients(own, bytes, tooLittle);
    }
  }

  /**
   * Returns the cut that fits without the gradients of all layers.
   *
   * @param tooLittle why none fits with them
   */
  private CutSchedule withoutGradients(
      Optional<Cut> own, long bytes, IllegalArgumentException tooLittle) {
    try {
      return withoutGradients(own, bytes);
    } catch (IllegalArgumentException neither) {
      if (neither.getMessage().equals(tooLittle.getMessage())) {
        throw tooLittle; // it has nothing to do with memory
      }
      throw new IllegalArgumentException(
          tooLittle.getMessage()
              + ". Ranks would let go of all gradients but one layer's, of "
              + new Bytes(LayerCosts.largestGradient(network)).up()
              + " at most, but beside that one "
              + neither.getMessage(),
          neither);
    }
  }

  /** Activations are kept until the end then, so that a choice of what is done again helps none. */
  private CutSchedule withoutGradients(Optional<Cut> own, long bytes) {
    Schedule schedule = recomputation.ofStages(stages);
    long inTurn = LayerCosts.largestGradient(network);
    Cut cut =
        RecomputePolicy.NEVER
            .cut(
                WeightGradientsLast.order(schedule),
                LayerCosts.estimated(SplitOutput.inTraining(network), rows, updater, false),
                own,
                Math.max(0, bytes - inTurn),
                false)
            .cut();
    return new CutSchedule(offload ? Offloading.in(schedule) : schedule, cut);
  }
}
