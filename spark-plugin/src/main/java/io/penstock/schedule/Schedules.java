package io.penstock.schedule;

import java.util.List;

/** The schedules that can be chosen by name. */
public final class Schedules {
  private static final List<Generator> KNOWN =
      List.of(
          new GPipe(),
          new OneForwardOneBackward(),
          new EagerOneForwardOneBackward(),
          new ZeroBubbleH1(),
          new ZeroBubbleH2(),
          new Unpipelined());

  private Schedules() {}

  /** Returns the names that {@link #generate} knows. */
  public static List<String> ids() {
    return KNOWN.stream().map(Generator::id).toList();
  }

  /**
   * Makes a schedule, one stage a rank: compute actions, to which {@link Lowering} adds the
   * movement, or all of it where the movement is what makes the schedule.
   *
   * @param id one of {@link #ids()}
   * @param ranks executors in the pipeline, at least 1
   * @param microBatches micro-batches of a mini-batch, at least 1
   * @throws IllegalArgumentException if the name is unknown or a number is less than 1
   */
  public static Schedule generate(String id, int ranks, int microBatches) {
    for (Generator generator : KNOWN) {
      if (generator.id().equals(id)) {
        return generator.generate(ranks, microBatches);
      }
    }
    throw new IllegalArgumentException(
        "no schedule is called '%s'; choose one of %s".formatted(id, String.join(", ", ids())));
  }
}
