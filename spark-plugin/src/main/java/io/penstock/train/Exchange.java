package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import io.penstock.link.Link;
import io.penstock.link.LinkPrecision;
import io.penstock.link.Tag;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Exchange of arrays between stages: over the link, or at once where both lie on this rank. What
 * goes over the link is rounded to its precision, whether the other rank is in this JVM or not, so
 * that one plan learns the same wherever its ranks lie. For the rank's thread.
 */
final class Exchange implements AutoCloseable {
  private final int rank;
  private final int[] rankOfStage;
  private final Link link;
  private final LinkPrecision precision;
  private final BooleanSupplier cancelled;

  /** One object for all loans. */
  private final Consumer<INDArray> back;

  /** Arrays that this rank made and still has: inputs of its next actions, or frames to send. */
  private final Map<Tag, Loan> made = new HashMap<>();

  Exchange(
      int rank, TrainingPlan plan, Link link, LinkPrecision precision, BooleanSupplier cancelled) {
    this.rank = rank;
    this.rankOfStage = IntStream.range(0, plan.stages()).map(plan.schedule()::rankOf).toArray();
    this.link = link;
    this.back = link::release;
    this.precision = precision;
    this.cancelled = cancelled;
  }

  /** Returns whether a stage lies on this rank. */
  boolean isHere(int stage) {
    return rankOfStage[stage] == rank;
  }

  /** Posts the receive of a frame; does not wait for it. */
  void post(Tag tag) {
    link.post(tag);
  }

  /** Keeps an array until the tag's stage takes it, or it is sent there. */
  void put(Tag tag, Loan loan) {
    made.put(tag, loan);
  }

  /** Sends what was put under this tag. */
  void send(Tag tag) {
    Loan loan = made.remove(tag);
    if (loan.array().dataType() == DataType.FLOAT) {
      loan = as(precision.type(), loan);
    }
    link.lend(rankOfStage[tag.stage()], tag, loan);
  }

  /**
   * Gets a copy to the tag's stage, for an array that is written to again, or given back, while
   * that stage still reads it.
   */
  void copyTo(Tag tag, INDArray array) {
    put(tag, loanOf(copy(array)));
    if (!isHere(tag.stage())) {
      send(tag);
    }
  }

  /**
   * Returns a loan of an array of the link's, to be put or handed to a stage; it goes back to the
   * link when that is done.
   */
  Loan loanOf(INDArray array) {
    return Loan.of(array, back);
  }

  /**
   * Returns an array of this type and shape to be written in full, and then the link's {@link
   * #loanOf loan}.
   */
  INDArray like(INDArray array) {
    return link.blank(array.dataType(), array.shape());
  }

  /** Returns a copy of an array, the link's {@link #loanOf loan}. */
  INDArray copy(INDArray array) {
    return NativeArrays.copy(array, like(array));
  }

  /** Waits for the array of this tag, which the caller closes. */
  Loan take(Tag tag) throws InterruptedException {
    Loan madeHere = made.remove(tag);
    if (madeHere != null) {
      return madeHere;
    }
    Loan received = link.receive(tag, cancelled);
    return received.array().dataType() == precision.type()
        ? as(DataType.FLOAT, received)
        : received;
  }

  /** Returns the array in another dtype, in place of itself. */
  private Loan as(DataType type, Loan loan) {
    INDArray array = loan.array();
    if (array.dataType() == type) {
      return loan;
    }
    INDArray converted = link.blank(type, array.shape()).assign(array);
    loan.close();
    return loanOf(converted);
  }

  /** Sends a copy to every other rank, under a tag that has this rank in place of a stage. */
  void tellAll(Tag tag, INDArray array, int ranks) {
    for (int other = 0; other < ranks; other++) {
      if (other != rank) {
        link.give(other, tag, copy(array));
      }
    }
  }

  /**
   * Gathers numbers of all ranks on each of them, an all-gather. Waits for all others.
   *
   * @param kind of its frames, which {@link FrameList#allGather} has listed
   * @return by rank
   */
  double[][] allGather(char kind, int step, double[] own, int ranks) throws InterruptedException {
    double[][] all = new double[ranks][];
    all[rank] = own;
    if (ranks > 1) {
      tellAll(gathered(kind, rank, step), Nd4j.createFromArray(own), ranks);
      for (int other = 0; other < ranks; other++) {
        if (other != rank) {
          try (Loan told = take(gathered(kind, other, step))) {
            all[other] = told.array().toDoubleVector();
          }
        }
      }
    }
    return all;
  }

  /** Returns the tag of what a rank tells in an all-gather, with that rank in place of a stage. */
  static Tag gathered(char kind, int fromRank, int step) {
    return new Tag(kind, fromRank, step, 0);
  }

  /** Gives back what was put and nobody took. */
  @Override
  public void close() {
    made.values().forEach(Loan::close);
    made.clear();
  }
}
