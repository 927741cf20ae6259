package io.penstock.train;

import io.penstock.balance.Cut;
import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import io.penstock.schedule.Lowering;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Schedules;
import io.penstock.schedule.Verifier;
import java.io.Serializable;
import java.util.List;

/**
 * All that a rank must know to do its part of a run; what the driver sends to every task.
 *
 * @param networkJson the network, as {@link Sequential#toJson()} writes it
 * @param updaterJson the updater, as {@link Updater#toJson()} writes it
 * @param stageStarts the first layer of every stage, ascending, starting with 0
 * @param schedule the schedule's id, see {@link Schedules#ids()}
 * @param microBatches micro-batches of a full mini-batch; a short mini-batch with fewer rows than
 *     that has one micro-batch per row
 * @param batchSize rows of a mini-batch
 * @param epochs passes over the data
 * @param seed keys the initial weights, dropout and the order of the rows
 */
public record TrainingPlan(
    String networkJson,
    String updaterJson,
    List<Integer> stageStarts,
    String schedule,
    int microBatches,
    int batchSize,
    int epochs,
    long seed)
    implements Serializable {

  public TrainingPlan {
    stageStarts = List.copyOf(stageStarts);
  }

  /** Returns the number of stages. */
  public int stages() {
    return stageStarts.size();
  }

  /** Returns the network. */
  public Sequential network() {
    return Sequential.fromJson(networkJson);
  }

  /** Returns which layers lie on which stage. */
  public Cut cut() {
    return new Cut(stageStarts, network().layers().size());
  }

  /**
   * The verified list of actions, sends and receives included, for a mini-batch.
   *
   * @throws io.penstock.schedule.InvalidScheduleException if the schedule cannot be run
   */
  public Schedule actions(int microBatches) {
    Schedule lowered = Lowering.lower(Schedules.generate(schedule, stages(), microBatches));
    Verifier.verify(lowered);
    return lowered;
  }
}
