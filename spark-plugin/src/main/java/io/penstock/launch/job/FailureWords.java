package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import io.penstock.launch.Sentence;
import io.penstock.launch.SparkMessages;
import io.penstock.launch.job.RankFailure.LostPeer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Words for the failures of a run: what happened, where, and what to do. Stateless. */
final class FailureWords {
  static final String INTERRUPTED = "Interrupted while it ran; the job is cancelled.";

  /** Words of a rank whose task Spark has ended. */
  static final String TASK_ENDED = "Spark has ended the task";

  private static final String STAYS =
      " What the run had learnt since its newest checkpoint, if there is one, is lost: keep runs"
          + " from executors that may be taken away, or have them leave checkpoints"
          + " (setCheckpointDir), so that they leave an executor before it goes.";

  /** Words for an attempt that was ended to leave executors that are about to go. */
  static final String LEAVES =
      "The run leaves an executor that Spark is about to take away, with all of its state in the"
          + " newest checkpoint.";

  /** Words for an attempt that was ended to go on with more executors. */
  static final String GROWS =
      "The run has more executors again, and goes on with more stages from the newest checkpoint.";

  private FailureWords() {}

  /** Returns what an exception says, or else is, as a sentence. */
  static String of(Throwable thrown) {
    return Sentence.of(thrown.getMessage() == null ? thrown.toString() : thrown.getMessage());
  }

  /** Returns the words for a job that Spark has ended. */
  static String sparkEnded(Throwable thrown) {
    return "Spark ended the job: " + Sentence.of(String.valueOf(thrown.getMessage()));
  }

  /** Returns the words for a rank whose rows' shuffle files are gone. */
  static String rowsLost(Throwable fetch) {
    String why = String.valueOf(fetch.getMessage()).strip();
    return "shuffle files that hold its rows are gone, as with an executor that wrote them"
        + (fetch.getMessage() == null || why.isEmpty() ? "" : ": " + why);
  }

  /** Returns the words for a rank that failed by itself. */
  static String rankFailed(RankFailure failure) {
    RankPlace place = failure.place();
    return String.format(
        Locale.ROOT,
        "Rank %d on %s failed: %s See %s for more.",
        place.rank(),
        place.host(),
        Sentence.of(failure.text()),
        place.log());
  }

  /** Returns the words for a rank that is known to have failed only from what a peer heard. */
  static String peerFailed(LostPeer lost) {
    return Sentence.of(lost.how());
  }

  /**
   * Returns the words for a connection that broke.
   *
   * @param bereaved the failure of the rank that noticed
   * @param place of the peer that it lost; empty where that is not known
   * @param alive whether that peer has been heard of since
   */
  static String linkBroken(RankFailure bereaved, Optional<RankPlace> place, boolean alive) {
    LostPeer lost = bereaved.lost();
    return String.format(
        Locale.ROOT,
        "The connection between rank %d (%s) and rank %d (%s, %s) %s; %s.",
        bereaved.rank(),
        bereaved.place().process(),
        lost.rank(),
        place.map(RankPlace::process).orElse("an unknown executor"),
        lost.address(),
        lost.how(),
        alive
            ? "both executors are alive. Look at the network between them, and at what may close"
                + " quiet connections in it"
            : "rank "
                + lost.rank()
                + " has not been heard of since, though Spark still counts on its executor");
  }

  /**
   * Returns the words for an executor that is gone.
   *
   * @param reason Spark's
   * @param decommissioned whether Spark took it away
   */
  static String executorLost(
      int rank, String executor, Optional<RankPlace> place, String reason, boolean decommissioned) {
    String advice =
        " The log of executor "
            + executor
            + " holds the cause, often memory: what a stage has outside the heap counts in"
            + " spark.executor.memoryOverhead.";
    return String.format(
        Locale.ROOT,
        "Lost rank %d: %s %s: %s%s",
        rank,
        place.map(RankPlace::process).orElse("executor " + executor),
        decommissioned ? "was decommissioned and is gone" : "is gone",
        Sentence.of(SparkMessages.firstLine(reason)),
        decommissioned ? STAYS : advice);
  }

  /**
   * Returns the words for processes that have lost their GPU and cannot be replaced, to follow a
   * message.
   *
   * @param local whether they are the driver's own
   */
  static String gpuStaysLost(List<RankPlace> places, boolean local) {
    String which =
        local
            ? "The process is the driver's own, as always in local mode"
            : places.stream().map(RankPlace::process).collect(Collectors.joining(", "))
                + " cannot be replaced in this application";
    return " " + which + ": start the application anew.";
  }

  /** Returns the words for an executor that is about to go. */
  static String leaving(RankPlace place) {
    return place.process()
        + " is being decommissioned; when it goes, the state of its stages goes, too";
  }
}
