package io.penstock.link;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Door of a link: who has come to its port, and who of them has greeted as a rank. Strangers may
 * stay for a minute, and so many of them; each rank greets once, and when all have, nobody else has
 * any business here. A stranger that goes is no loss to the run. Thread-safe.
 */
final class Door {
  /** Connections at one time that have not greeted; the oldest gives way to the next. */
  static final int MOST_STRANGERS = 128;

  /** Time to authenticate and to greet. */
  static final long PATIENCE_MILLIS = 60_000;

  private final RefusalLog log;
  private final long patienceMillis;
  private final Set<Channel> strangers = new LinkedHashSet<>();
  private final Map<Integer, Channel> ranks = new HashMap<>();

  /** Ranks that will greet; null until that is known. */
  private Set<Integer> expected;

  Door() {
    this(new RefusalLog(), PATIENCE_MILLIS);
  }

  Door(RefusalLog log, long patienceMillis) {
    this.log = log;
    this.patienceMillis = patienceMillis;
  }

  /** Takes in a connection that has come. */
  void came(Channel channel) {
    Channel oldest = null;
    boolean late;
    synchronized (this) {
      late = isComplete();
      if (!late) {
        strangers.add(channel);
        if (strangers.size() > MOST_STRANGERS) {
          oldest = strangers.iterator().next();
          strangers.remove(oldest);
        }
      }
    }
    if (late) {
      refuse(channel, "came after all ranks of the run");
      return;
    }
    if (oldest != null) {
      refuse(oldest, "has not greeted while " + MOST_STRANGERS + " others came after it");
    }
    channel.eventLoop().schedule(() -> timeIsUp(channel), patienceMillis, TimeUnit.MILLISECONDS);
  }

  private void timeIsUp(Channel channel) {
    if (isStranger(channel)) {
      refuse(channel, "has not greeted within " + patienceMillis + " ms");
    }
  }

  /**
   * Takes the greeting of a rank.
   *
   * @return false where it came too late: the connection is already being closed
   * @throws LinkException when there is no such rank, or it has greeted already
   */
  boolean greeted(Channel channel, int rank) {
    List<Channel> rest;
    synchronized (this) {
      if (rank < 0 || (expected != null && !expected.contains(rank))) {
        throw new LinkException("Refused: no rank " + rank + " comes to this link.");
      }
      if (ranks.containsKey(rank)) {
        throw new LinkException("Refused: rank " + rank + " has greeted already.");
      }
      if (!strangers.remove(channel)) {
        return false;
      }
      ranks.put(rank, channel);
      rest = superfluous();
    }
    rest.forEach(one -> refuse(one, "has not greeted when all ranks of the run had"));
    return true;
  }

  /** Sets which ranks come to this link; those that have come under another number are cut off. */
  void expect(Set<Integer> remote) {
    List<Channel> wrong = new ArrayList<>();
    List<Channel> rest;
    synchronized (this) {
      expected = Set.copyOf(remote);
      ranks.forEach(
          (rank, channel) -> {
            if (!expected.contains(rank)) {
              wrong.add(channel);
            }
          });
      ranks.keySet().retainAll(expected);
      rest = superfluous();
    }
    wrong.forEach(one -> refuse(one, "greeted as a rank that does not come to this link"));
    rest.forEach(one -> refuse(one, "has not greeted when all ranks of the run had"));
  }

  /** Returns the strangers, who are none any more, if all ranks are here. */
  private List<Channel> superfluous() {
    if (!isComplete()) {
      return List.of();
    }
    List<Channel> rest = List.copyOf(strangers);
    strangers.clear();
    return rest;
  }

  private boolean isComplete() {
    return expected != null && ranks.keySet().containsAll(expected);
  }

  synchronized boolean isStranger(Channel channel) {
    return strangers.contains(channel);
  }

  /** Notes the end of a connection, and returns the rank whose it was; empty of a stranger's. */
  synchronized OptionalInt left(Channel channel) {
    strangers.remove(channel);
    return ranks.entrySet().stream()
        .filter(entry -> entry.getValue() == channel)
        .mapToInt(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * Cuts off somebody who is no rank of the run.
   *
   * @param why words that follow whom it is
   */
  void refuse(Channel channel, String why) {
    synchronized (this) {
      strangers.remove(channel);
    }
    log.add(Breakage.addressOf(channel), why);
    channel.close();
  }
}
