package io.penstock.launch.job;

import io.penstock.launch.job.Pulse.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Watch on the ranks' pulses, which finds a run that stands still and who is to blame. A rank that
 * only waits for another is not: it says so, and has the other's pulse or silence to speak for it.
 * Thread-safe; takes the time from its callers.
 */
final class StallWatch {
  /** Least time that is a stall, unless one is set. */
  static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Steps, of the longest that a rank has had, in which it must move on, unless a time is set. */
  static final int STEPS = 10;

  /**
   * Time that a step is taken to need while a rank has done none. The first is the slowest: code is
   * compiled in it, and kernels are chosen.
   */
  private static final long FIRST_STEP_NANOS = LEAST_NANOS;

  /**
   * Longest time between two looks that counts. A driver that was stopped itself, or hung, could
   * not hear its ranks.
   */
  private static final long MOST_GAP_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Newest pulse of a rank, and when, by the time that this watch was awake. */
  private record Heard(Pulse pulse, long heardAt, long movedAt) {}

  private final int ranks;
  private final Optional<Long> setNanos;
  private final Map<Integer, Heard> heard = new TreeMap<>();
  private int attempt = -1;
  private long lastLook;
  private long awake;

  /**
   * @param setNanos time without a sign after which a rank stalls; empty for the usual one
   * @param now time in nanoseconds, of the clock that all calls are to tell
   */
  StallWatch(int ranks, Optional<Long> setNanos, long now) {
    this.ranks = ranks;
    this.setNanos = setNanos;
    this.lastLook = now;
  }

  /** Takes a pulse. Those of an earlier attempt, and those that were overtaken, are of no use. */
  synchronized void hear(Pulse pulse) {
    if (pulse.attempt() > attempt) {
      attempt = pulse.attempt();
      heard.clear();
    }
    Heard before = heard.get(pulse.rank());
    if (pulse.attempt() < attempt
        || (before != null && before.pulse().number() >= pulse.number())) {
      return;
    }
    boolean moved = before == null || before.pulse().moves() != pulse.moves();
    heard.put(pulse.rank(), new Heard(pulse, awake, moved ? awake : before.movedAt()));
    notifyAll();
  }

  /**
   * Looks whether the run stands still. To be called about once a second: of a longer time between
   * two looks only some counts.
   */
  synchronized Optional<Stall> look(long now) {
    awake += Math.min(now - lastLook, MOST_GAP_NANOS);
    lastLook = now;
    if (heard.values().stream().anyMatch(one -> one.pulse().phase() == Phase.FAILED)) {
      return Optional.empty(); // the run ends; Spark may kill the others before they can say so
    }
    List<Heard> living =
        heard.values().stream().filter(one -> !one.pulse().phase().isOver()).toList();
    return silent(living, setNanos.orElse(LEAST_NANOS))
        .or(() -> still(living))
        .or(() -> unconnected(living));
  }

  private Optional<Stall> silent(Collection<Heard> living, long limit) {
    return living.stream()
        .filter(one -> awake - one.heardAt() > limit)
        .min(Comparator.comparingLong(Heard::heardAt))
        .map(one -> stall(Stall.Kind.SILENT, one, List.of(), one.heardAt()));
  }

  /**
   * Returns the silence of one rank, for who has another reason to suspect it; empty if it was
   * heard lately, never, or its task is over.
   *
   * @param nanos how long it must be silent; where less is a stall, that
   */
  synchronized Optional<Stall> silence(int rank, long nanos) {
    return isOver(rank)
        ? Optional.empty()
        : silent(List.of(heard.get(rank)), Math.min(nanos, setNanos.orElse(nanos)));
  }

  private Optional<Stall> still(Collection<Heard> living) {
    return living.stream()
        .filter(one -> one.pulse().phase() == Phase.RUNNING && one.pulse().awaits() == null)
        .filter(this::isTooLong)
        .min(Comparator.comparingLong(Heard::movedAt))
        .map(one -> stall(Stall.Kind.STILL, one, List.of(), one.movedAt()));
  }

  /**
   * While any rank of a run moves, it may yet send what the others wait for. Where each waits for
   * another, what they wait for is lost.
   */
  private Optional<Stall> unconnected(Collection<Heard> living) {
    boolean all =
        heard.size() == ranks
            && living.stream()
                .allMatch(
                    one ->
                        one.pulse().phase() == Phase.RUNNING
                            && one.pulse().awaits() != null
                            && isTooLong(one));
    return living.stream()
        .filter(one -> all)
        .min(Comparator.comparingLong(Heard::movedAt))
        .map(
            one -> {
              List<Pulse> circle = circle(one.pulse());
              Heard last = heard.get(circle.get(0).rank());
              return stall(Stall.Kind.CONNECTION, last, circle, last.movedAt());
            });
  }

  /**
   * Returns the ranks that wait for each other in a circle, which one of the dead connection's
   * sides is in; all that wait, where a sender is not known.
   */
  private List<Pulse> circle(Pulse first) {
    List<Pulse> path = new ArrayList<>();
    Pulse next = first;
    while (!path.contains(next)) {
      path.add(next);
      Heard sender = heard.get(next.awaits().sender());
      if (sender == null || sender.pulse().awaits() == null) {
        return heard.values().stream()
            .map(Heard::pulse)
            .filter(one -> one.awaits() != null)
            .sorted(Comparator.comparing(one -> one != first))
            .toList();
      }
      next = sender.pulse();
    }
    return path.subList(path.indexOf(next), path.size());
  }

  private boolean isTooLong(Heard one) {
    long step = one.pulse().longestStepNanos();
    long usual = Math.max(LEAST_NANOS, STEPS * (step == 0 ? FIRST_STEP_NANOS : step));
    return awake - one.movedAt() > setNanos.orElse(usual);
  }

  private Stall stall(Stall.Kind kind, Heard culprit, List<Pulse> waiting, long since) {
    return new Stall(kind, culprit.pulse(), waiting, (awake - since) / 1e9);
  }

  /**
   * Waits until a rank's task is over.
   *
   * @param seconds to wait at most
   * @return whether it is
   */
  synchronized boolean awaitEnd(int rank, long seconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long left;
    while (!isOver(rank) && (left = deadline - System.nanoTime()) > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return isOver(rank);
  }

  private boolean isOver(int rank) {
    Heard newest = heard.get(rank); // null in a later attempt than the rank's
    return newest == null || newest.pulse().phase().isOver();
  }
}
