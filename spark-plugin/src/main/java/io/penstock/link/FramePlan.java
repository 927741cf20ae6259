package io.penstock.link;

import io.penstock.Bytes;
import io.penstock.Internal;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Plan of the frames that a rank may be sent: a link refuses every other one before it allocates
 * anything for it, and with it the peer that sent it. Immutable.
 */
@Internal
public final class FramePlan {
  /** The plan of a link whose peers may send any array that there can be. */
  public static final FramePlan ANY = upTo(Long.MAX_VALUE);

  private final Map<Channel, ExpectedFrame> frames;
  private final long mostBytes;
  private final int stepsAhead;

  private FramePlan(Map<Channel, ExpectedFrame> frames, long mostBytes, int stepsAhead) {
    this.frames = frames;
    this.mostBytes = mostBytes;
    this.stepsAhead = stepsAhead;
  }

  /**
   * Returns the plan of a link whose peers may send any array of at most this many bytes, under any
   * tag.
   *
   * @throws IllegalArgumentException if no array is as small
   */
  public static FramePlan upTo(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "The largest frame has " + bytes + " bytes; a plan's has 1 or more.");
    }
    return new FramePlan(null, bytes, Integer.MAX_VALUE);
  }

  /**
   * Returns the plan of a link whose peers may send these frames only.
   *
   * @param stepsAhead steps that a peer may be ahead of the receiving rank at most
   * @throws IllegalArgumentException if two are of the same channel
   */
  public static FramePlan of(List<ExpectedFrame> frames, int stepsAhead) {
    return new FramePlan(
        frames.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    ExpectedFrame::channel,
                    Function.identity(),
                    (one, other) -> {
                      throw new IllegalArgumentException(
                          one
                              + " and "
                              + other
                              + " have the same tags. Give each its own channel.");
                    })),
        frames.stream().mapToLong(ExpectedFrame::bytes).max().orElse(0),
        stepsAhead);
  }

  /** Returns the bytes of the largest frame. */
  public long mostBytes() {
    return mostBytes;
  }

  /** Returns whether steps are counted: in a plan of given frames, which come in order of steps. */
  boolean hasSteps() {
    return frames != null;
  }

  int stepsAhead() {
    return stepsAhead;
  }

  /** Returns the rank that sends a channel's frames; empty where the plan does not tell. */
  OptionalInt sender(Channel channel) {
    ExpectedFrame frame = frames == null ? null : frames.get(channel);
    return frame == null ? OptionalInt.empty() : OptionalInt.of(frame.fromRank());
  }

  /**
   * Returns why a frame is none of this plan, in words that follow "it sent" and the tag; null if
   * it is one.
   */
  String objection(int fromRank, Channel channel, Tag tag, DataType type, long[] shape) {
    long bytes = type.width();
    for (long size : shape) {
      bytes = Math.multiplyExact(bytes, size);
    }
    if (bytes > mostBytes) {
      return "of "
          + new Bytes(bytes).up()
          + "; the largest frame of this plan has "
          + new Bytes(mostBytes).down();
    }
    if (frames == null) {
      return null;
    }
    ExpectedFrame frame = frames.get(channel);
    if (frame == null) {
      return "which no rank sends to this one by its plan";
    }
    if (frame.fromRank() != fromRank) {
      return "which rank " + frame.fromRank() + " sends by this plan";
    }
    if (tag.microBatch() < 0 || tag.microBatch() >= frame.microBatches()) {
      return "of which a step of this plan has " + frame.microBatches();
    }
    if (!frame.isOf(type, shape)) {
      return "as " + ExpectedFrame.form(type, shape) + "; by this plan it is " + frame.form();
    }
    return null;
  }
}
