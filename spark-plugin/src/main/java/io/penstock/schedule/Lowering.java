package io.penstock.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lowering of compute actions to a list with sends and receives, as PyTorch's pipelining does it:
 * it goes through the schedule step by step, and at the action that makes a frame writes both its
 * rank's send and the peer's receive. So the receives of a link stand in the order of its sends,
 * and no two ranks can wait for each other's movement; nothing else has to order the traffic.
 * Stateless; any thread may call.
 */
public final class Lowering {
  private Lowering() {}

  /**
   * Adds the movement between ranks; neighbouring stages on one rank need none. A schedule that has
   * sends and receives already says where it wants them: it is verified and returned as it is. The
   * marks of overlapped pairs are dropped, for a send may come between the two.
   *
   * @return a schedule of the same name, which {@link Verifier} accepts
   * @throws InvalidScheduleException if the schedule cannot be run as it is
   */
  public static Schedule lower(Schedule schedule) {
    Verifier.verify(schedule);
    if (schedule.isLowered()) {
      return schedule;
    }
    Dependencies dependencies = new Dependencies(schedule);
    List<List<Action>> lowered = new ArrayList<>();
    schedule.ranks().forEach(rank -> lowered.add(new ArrayList<>()));
    for (List<Slot> step : Timetable.of(schedule, dependencies).steps()) {
      for (Slot place : step) {
        Action action = schedule.ranks().get(place.rank()).get(place.index());
        lowered.get(place.rank()).add(action);
        Optional<Frame> made = dependencies.user(action).flatMap(dependencies::frame);
        if (made.isPresent()) {
          Frame frame = made.get();
          lowered.get(place.rank()).add(frame.send());
          lowered.get(dependencies.rankOf(frame.user().stage())).add(frame.receive());
        }
      }
    }
    return new Schedule(schedule.name(), schedule.stages(), schedule.microBatches(), lowered);
  }
}
