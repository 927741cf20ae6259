package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import java.io.Serializable;
import java.util.List;

/**
 * Message by which a rank tells the driver about once a second that it lives and where it is.
 * Immutable.
 *
 * @param place of the rank
 * @param attempt of the Spark stage, from 0
 * @param number of the pulse in its attempt; rises, for pulses may overtake each other
 * @param phase of the rank's task
 * @param position of the rank in its run, in words
 * @param awaits frame of a peer that the rank waits for; null while it waits for none
 * @param moves how often the rank has moved on; only rises
 * @param longestStepNanos of the rank's steps so far; 0 before the first is done
 * @param stack of the task's thread, one frame an element, innermost first; empty while it moves on
 */
record Pulse(
    RankPlace place,
    int attempt,
    long number,
    Phase phase,
    String position,
    Wait awaits,
    long moves,
    long longestStepNanos,
    List<String> stack)
    implements Serializable {
  /** Phase of a rank's task. */
  enum Phase {
    /** It makes native code and its link ready. */
    PREPARING("made its native code ready"),
    /** It takes in its rows. */
    TAKING_ROWS("took in its rows"),
    /** It waits until all ranks have come, or connects to them. */
    MEETING("met its peers"),
    /** It measures layers or the link. */
    MEASURING("measured its layers"),
    /** It trains or validates. */
    RUNNING("was in"),
    /** It gives away the weights of an epoch, such as to a checkpoint. */
    GIVING_WEIGHTS("wrote its part of a checkpoint, after"),
    /** It tells the driver of an epoch, which may complete a checkpoint meanwhile. */
    TELLING("told the driver of an epoch, after"),
    /** It has ended in good order. */
    ENDED("had ended, after"),
    /** It has failed, and told why by other means. */
    FAILED("had failed, after");

    private final String words;

    Phase(String words) {
      this.words = words;
    }

    /** Returns whether the task is over. */
    boolean isOver() {
      return this == ENDED || this == FAILED;
    }
  }

  /**
   * Wait for a frame.
   *
   * @param frame in words
   * @param sender the rank that is to send it; -1 where that is not known
   */
  record Wait(String frame, int sender) implements Serializable {}

  /** Copies the stack. */
  Pulse {
    stack = List.copyOf(stack);
  }

  int rank() {
    return place.rank();
  }

  /** Returns what the rank did, in words that follow "it". */
  String doing() {
    boolean early = phase.compareTo(Phase.RUNNING) < 0;
    return phase.words
        + (early ? "" : " " + position)
        + (awaits == null ? "" : ", waiting for " + awaits.frame());
  }
}
