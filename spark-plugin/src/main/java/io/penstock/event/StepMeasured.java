package io.penstock.event;

import io.penstock.schedule.draw.Timeline;
import io.penstock.train.ActionTime;
import java.util.List;

/**
 * Event: times of the compute actions of an epoch's last step. Immutable. To keep the event log
 * small, it gets only those of the epochs 1, 2, 4, 8, … and that of the run's end.
 *
 * @param runId the run, among those of the application
 * @param time when it happened, in milliseconds since 1970
 * @param epoch counted from 0
 * @param actions their times, by rank; the earliest {@value #MOST_ACTIONS} of all ranks together at
 *     most
 * @param whole whether these are all actions of the step
 * @param logged whether it goes to Spark's event log
 */
public record StepMeasured(
    String runId,
    long time,
    int epoch,
    List<List<ActionTime>> actions,
    boolean whole,
    boolean logged)
    implements RunEvent {
  /** Most actions of an event, which so stays below half a megabyte. */
  static final int MOST_ACTIONS = 4096;

  /** Copies the lists. */
  public StepMeasured {
    actions = actions.stream().map(List::copyOf).toList();
  }

  /**
   * Returns the event, with no more actions than it may hold.
   *
   * @param last whether the run ends with that step
   */
  public static StepMeasured of(
      String runId, long time, int epoch, List<List<ActionTime>> ranks, boolean last) {
    int most = Math.max(1, MOST_ACTIONS / ranks.size());
    boolean whole = ranks.stream().allMatch(rank -> rank.size() <= most);
    boolean logged = last || Integer.bitCount(epoch + 1) == 1;
    return new StepMeasured(
        runId,
        time,
        epoch,
        ranks.stream().map(rank -> rank.subList(0, Math.min(most, rank.size()))).toList(),
        whole,
        logged);
  }

  @Override
  public boolean logEvent() {
    return logged;
  }

  /**
   * Returns the step for a drawing, in milliseconds from its first action's start.
   *
   * @param title what to write above it; may be empty
   */
  public Timeline timeline(String title) {
    return timeline(title, actions);
  }

  /**
   * Returns such a step of any length for a drawing, by rank, in milliseconds from its first
   * action's start.
   */
  public static Timeline timeline(String title, List<List<ActionTime>> ranks) {
    long start =
        ranks.stream().flatMap(List::stream).mapToLong(ActionTime::startNanos).min().orElse(0);
    return new Timeline(
        title,
        "ms",
        ranks.stream().map(rank -> rank.stream().map(time -> time.since(start)).toList()).toList());
  }
}
