package io.penstock.launch.job;

import io.penstock.conf.Settings;
import io.penstock.event.FailureKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Standstill of a run, and who is to blame. Immutable.
 *
 * @param kind of the standstill
 * @param culprit newest pulse of the rank that stalls; of a dead connection, of the rank that has
 *     waited longest
 * @param waiting newest pulses of the ranks that wait for each other over a dead connection, the
 *     culprit's first; empty for other kinds
 * @param seconds for which the driver has seen nothing else
 */
record Stall(Kind kind, Pulse culprit, List<Pulse> waiting, double seconds) {
  /** Frames that say that a thread waits, not whose. */
  private static final List<String> JDK = List.of("java.", "jdk.", "sun.");

  /** Kind of a standstill. */
  enum Kind {
    /** A rank is not heard of: its process or host hangs, or is cut off from the driver. */
    SILENT,
    /** A rank is heard of, waits for nobody, and does not move on: its code hangs. */
    STILL,
    /** All ranks are heard of and wait for a peer: a connection is dead and neither side knows. */
    CONNECTION
  }

  Stall {
    waiting = List.copyOf(waiting);
  }

  /** Returns the standstill as the failure of a run, which Spark's own exception followed. */
  RunFailure failure(Exception thrown) {
    return switch (kind) {
      case SILENT, STILL -> RunFailure.of(FailureKind.STALLED, culprit.place(), text(), thrown);
      case CONNECTION -> {
        int lost = culprit.awaits().sender();
        yield lost == RankActivity.UNKNOWN
            ? RunFailure.of(FailureKind.LINK_BROKEN, text(), thrown)
            : RunFailure.of(FailureKind.LINK_BROKEN, lost, Optional.empty(), text(), thrown);
      }
    };
  }

  /** Returns the standstill in words: who, for how long, what it did, and what to do. */
  String text() {
    String limit = Settings.STALL_TIMEOUT.key();
    return switch (kind) {
      case SILENT ->
          String.format(
              Locale.ROOT,
              "Lost rank %d: %s has not been heard of for %.0f s; when it was last heard, it %s."
                  + " Its process or its host hangs, or it is cut off from the driver. %s is how"
                  + " long a rank may be silent.",
              culprit.rank(),
              culprit.place().process(),
              seconds,
              culprit.doing(),
              limit);
      case STILL ->
          String.format(
              Locale.ROOT,
              "Rank %d on %s hangs: for %.0f s it has not moved on, though it waits for no peer; it"
                  + " %s%s. The driver's log has its stack. If one action may take that long, set"
                  + " %s to more.",
              culprit.rank(),
              culprit.place().process(),
              seconds,
              culprit.doing(),
              culprit.stack().stream()
                  .filter(frame -> JDK.stream().noneMatch(frame::startsWith))
                  .findFirst()
                  .map(frame -> ", at " + frame)
                  .orElse(""),
              limit);
      case CONNECTION ->
          String.format(
              Locale.ROOT,
              "Ranks wait for each other for %.0f s, and what was sent does not arrive: a"
                  + " connection between them is dead, though neither side was told.%s Look at the"
                  + " network between their hosts.",
              seconds,
              String.join("", waiting.stream().map(Stall::sentence).toList()));
    };
  }

  private static String sentence(Pulse one) {
    return String.format(
        Locale.ROOT,
        " Rank %d on %s waits for %s%s.",
        one.rank(),
        one.place().process(),
        one.awaits().frame(),
        one.awaits().sender() == RankActivity.UNKNOWN ? "" : " from rank " + one.awaits().sender());
  }
}
