package io.penstock.launch;

import java.util.List;

/**
 * All ranks have taken in their rows and met each other; the first epoch begins.
 *
 * @param attempt of the Spark stage, from 0
 * @param places by rank
 * @param rows to train on
 * @param validationRows to measure on after every epoch; 0 if there are none
 */
public record RanksReady(
    String runId, long time, int attempt, List<RankPlace> places, long rows, long validationRows)
    implements RunEvent {
  /** Copies the list. */
  public RanksReady {
    places = List.copyOf(places);
  }
}
