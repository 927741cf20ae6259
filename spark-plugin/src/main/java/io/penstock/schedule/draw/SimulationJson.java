package io.penstock.schedule.draw;

import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Result of a simulation as a JSON object: {@code schedule}, {@code ranks}, {@code stages}, {@code
 * microBatches}, {@code makespan}, {@code bubble}, and by rank {@code bubblePerRank}, {@code
 * peakActivations}, {@code peakBytes}; and {@code framesInFlight}, the most for each link that is
 * used. Stateless; any thread may call.
 */
public final class SimulationJson {
  private SimulationJson() {}

  /** Returns the object, a line a member. */
  public static String json(Simulation simulation) {
    Schedule schedule = simulation.schedule();
    return String.format(
        Locale.ROOT,
        """
        {
          "schedule": %s,
          "ranks": %s,
          "stages": %s,
          "microBatches": %s,
          "makespan": %s,
          "bubble": %s,
          "bubblePerRank": %s,
          "peakActivations": %s,
          "peakBytes": %s,
          "framesInFlight": %s
        }
        """,
        Markup.json(schedule.name()),
        schedule.ranks().size(),
        schedule.stages(),
        schedule.microBatches(),
        simulation.makespan(),
        simulation.bubble(),
        simulation.bubblePerRank(),
        simulation.peakActivations(),
        simulation.peakBytes(),
        framesInFlight(simulation));
  }

  private static List<String> framesInFlight(Simulation simulation) {
    List<String> links = new ArrayList<>();
    int ranks = simulation.framesInFlight().size();
    for (int from = 0; from < ranks; from++) {
      for (int to = 0; to < ranks; to++) {
        if (simulation.inFlight(from, to) > 0) {
          links.add(
              String.format(
                  Locale.ROOT,
                  "{\"from\": %s, \"to\": %s, \"frames\": %s}",
                  from,
                  to,
                  simulation.inFlight(from, to)));
        }
      }
    }
    return links;
  }
}
