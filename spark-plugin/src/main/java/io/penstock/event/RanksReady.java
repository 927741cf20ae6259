package io.penstock.event;

import java.util.List;

/**
 * All ranks have taken in their rows and met each other; the first epoch begins.
 *
 * @param attempt of the Spark stage, from 0
 * @param places by rank
 * @param rows to train on
 * @param validationRows to measure on after every epoch; 0 if there are none
 * @param arithmetic by rank, what it computes with, in words; empty in the logs of versions that
 *     did not tell it
 */
public record RanksReady(
    String runId,
    long time,
    int attempt,
    List<RankPlace> places,
    long rows,
    long validationRows,
    List<String> arithmetic)
    implements RunEvent {
  /** Copies the lists. */
  public RanksReady {
    places = List.copyOf(places);
    arithmetic = arithmetic == null ? List.of() : List.copyOf(arithmetic);
  }
}
