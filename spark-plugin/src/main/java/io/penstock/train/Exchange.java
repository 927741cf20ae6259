package io.penstock.train;

import io.penstock.link.Link;
import io.penstock.link.LinkPrecision;
import io.penstock.link.Tag;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How arrays get from one stage to another: over the link, or at once where both lie on this rank.
 * What goes over the link is rounded to its precision, whether the other rank is in this JVM or
 * not, so that one plan learns the same wherever its ranks lie. For the rank's thread.
 */
final class Exchange {
  private final int rank;
  private final int[] rankOfStage;
  private final Link link;
  private final LinkPrecision precision;
  private final BooleanSupplier cancelled;

  /** What this rank made and still has: inputs of its next actions, or frames to send. */
  private final Map<Tag, INDArray> made = new HashMap<>();

  Exchange(
      int rank, TrainingPlan plan, Link link, LinkPrecision precision, BooleanSupplier cancelled) {
    this.rank = rank;
    this.rankOfStage = IntStream.range(0, plan.stages()).map(plan.schedule()::rankOf).toArray();
    this.link = link;
    this.precision = precision;
    this.cancelled = cancelled;
  }

  /** Whether a stage lies on this rank. */
  boolean isHere(int stage) {
    return rankOfStage[stage] == rank;
  }

  /** Says that a frame will be wanted. */
  void post(Tag tag) {
    link.post(tag);
  }

  /** Keeps an array until the tag's stage takes it, or it is sent there. The stage will own it. */
  void put(Tag tag, INDArray array) {
    made.put(tag, array);
  }

  /** Sends what was put under this tag. */
  void send(Tag tag) {
    INDArray array = made.remove(tag);
    if (array.dataType() == DataType.FLOAT) {
      array = as(precision.type(), array);
    }
    link.give(rankOfStage[tag.stage()], tag, array);
  }

  /**
   * Gets a copy to the tag's stage, which will own it. A stage needs what it made for its own
   * backward, which may come before or after the other's, so they cannot share it.
   */
  void copyTo(Tag tag, INDArray array) {
    put(tag, copy(array));
    if (!isHere(tag.stage())) {
      send(tag);
    }
  }

  /** An array of this type and shape to be written in full, and put or given to a stage. */
  INDArray like(INDArray array) {
    return link.blank(array.dataType(), array.shape());
  }

  /** A copy of an array, to be put or given to a stage. */
  INDArray copy(INDArray array) {
    return like(array).assign(array);
  }

  /** Waits for the array of this tag; the caller's own. */
  INDArray take(Tag tag) throws InterruptedException {
    INDArray own = made.remove(tag);
    if (own != null) {
      return own;
    }
    INDArray received = link.receive(tag, cancelled);
    return received.dataType() == precision.type() ? as(DataType.FLOAT, received) : received;
  }

  /** The array in other numbers, in place of itself. */
  private INDArray as(DataType type, INDArray array) {
    if (array.dataType() == type) {
      return array;
    }
    INDArray converted = link.blank(type, array.shape()).assign(array);
    link.release(array);
    return converted;
  }

  /** Sends a copy to every other rank, under a tag that names no stage but this rank. */
  void tellAll(Tag tag, INDArray array, int ranks) {
    for (int other = 0; other < ranks; other++) {
      if (other != rank) {
        link.give(other, tag, copy(array));
      }
    }
  }

  /** Gives back an array that was taken and is not needed any more. */
  void release(INDArray array) {
    link.release(array);
  }
}
