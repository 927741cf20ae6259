package io.penstock.event;

import java.util.List;

/**
 * Event: all ranks have taken in their rows and met each other; the first epoch begins. Immutable.
 *
 * @param runId the run, among those of the application
 * @param time when it happened, in milliseconds since 1970
 * @param attempt of the Spark stage, from 0
 * @param places of the ranks, by rank
 * @param rows to train on
 * @param validationRows to measure on after every epoch; 0 if there are none
 * @param arithmetic processor and kernels of every rank, in words; empty in the logs of versions
 *     that did not tell it
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
