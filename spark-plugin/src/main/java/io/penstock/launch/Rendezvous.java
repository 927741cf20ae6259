package io.penstock.launch;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * Where the ranks of a run leave word for each other: at the driver. Spark's own {@code
 * BarrierTaskContext.allGather} looks for the answer once a second only. Thread-safe.
 */
final class Rendezvous {
  private final int ranks;
  private int attempt = -1;
  private String[] words;

  Rendezvous(int ranks) {
    this.ranks = ranks;
  }

  /**
   * A rank comes, or comes again to see who else is there. What was said in earlier attempts of the
   * Spark stage is forgotten: those links are gone.
   *
   * @return what every rank has said, by rank; empty while one is missing
   * @throws IllegalStateException if a later attempt has begun
   */
  synchronized String[] come(Arrival arrival) {
    if (arrival.attempt < attempt) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "rank %d of attempt %d comes after attempt %d has begun; Spark has given it up.",
              arrival.rank,
              arrival.attempt,
              attempt));
    }
    if (arrival.attempt > attempt) {
      attempt = arrival.attempt;
      words = new String[ranks];
    }
    words[arrival.rank] = arrival.word;
    return Arrays.stream(words).allMatch(Objects::nonNull) ? words.clone() : new String[0];
  }

  /**
   * A rank and its word.
   *
   * @param attempt of the Spark stage, from 0
   */
  record Arrival(int rank, int attempt, String word) implements Serializable {}
}
