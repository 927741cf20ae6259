package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Workspace;
import io.penstock.link.Channel;
import io.penstock.link.Link;
import io.penstock.link.LinkException;
import io.penstock.link.Tag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Exchange of arrays between stages and between ranks: over the link, or at once where both lie on
 * this rank. Activations and their gradients are rounded to the precision of the plan's links where
 * they go over the link, whether the other rank is in this JVM or not, so that one plan learns the
 * same wherever its ranks lie; all else goes as it is. For the rank's thread.
 */
final class Exchange implements AutoCloseable {
  private final int rank;
  private final Topology topology;
  private final Link link;
  private final BooleanSupplier cancelled;
  private final Workspace pool;
  private final FrameForm form;

  /** Copies beside the rank's work; null where stages compute with frames as they are. */
  private final DeviceFrames device;

  /** One object for all loans. */
  private final Consumer<INDArray> back;

  /** Arrays that this rank made and still has: inputs of its next actions, or frames to send. */
  private final Map<Tag, Loan> made = new HashMap<>();

  /**
   * @param pool where the arrays of this rank's stages lie
   */
  Exchange(int rank, TrainingPlan plan, Link link, Workspace pool, BooleanSupplier cancelled) {
    this.rank = rank;
    this.pool = pool;
    this.topology = plan.topology();
    this.link = link;
    this.back = link::release;
    this.cancelled = cancelled;
    DataType activations = plan.linkPrecision().type();
    this.form = new FrameForm(link, pool, activations);
    this.device =
        pool.isOnDevice() ? new DeviceFrames(rank, link, pool, activations, cancelled) : null;
  }

  /** Returns whether a stage of this rank's replica lies on this rank. */
  boolean isHere(int stage) {
    return topology.holds(rank, stage);
  }

  /** Posts the receive of a frame; does not wait for it. */
  void post(Tag tag) {
    if (device != null && tag.channel().isComputedWith()) {
      device.ask(tag);
    } else {
      link.post(tag);
    }
  }

  /**
   * Posts the receive of a frame, and has its arrival noted: see {@link Link#post(Tag, Runnable)}.
   */
  void post(Tag tag, Runnable arrived) {
    link.post(tag, arrived);
  }

  /** Keeps an array until a stage takes it, or it is sent to one. */
  void put(Tag tag, Loan loan) {
    made.put(tag, loan);
  }

  /** Sends what was put under this tag to a stage of this rank's replica. */
  void send(int stage, Tag tag) {
    lend(topology.rankOf(topology.replicaOf(rank), stage), tag, made.remove(tag));
  }

  /** Gives an array of the host's to another rank. */
  void give(int toRank, Tag tag, INDArray array) {
    link.give(toRank, tag, array);
  }

  /** Lends an array to another rank. */
  void lend(int toRank, Tag tag, Loan loan) {
    if (NativeArrays.isOnDevice(loan.array())) {
      device.send(toRank, tag, loan);
    } else {
      link.lend(toRank, tag, form.outgoing(tag, loan));
    }
  }

  /**
   * Gets a copy to a stage of this rank's replica, for an array that is written to again, or given
   * back, while that stage still reads it.
   */
  void copyTo(int stage, Tag tag, INDArray array) {
    put(tag, copy(array));
    if (!isHere(stage)) {
      send(stage, tag);
    }
  }

  /**
   * Returns a loan of an array of the link's, to be put or handed to a stage; it goes back to the
   * link when that is done. It lies in the host's memory.
   */
  Loan loanOf(INDArray array) {
    return Loan.of(array, back);
  }

  /** Returns an array of another's type and shape in the same memory, to be written in full. */
  Loan like(INDArray array) {
    return NativeArrays.isOnDevice(array)
        ? pool.loan(array.dataType(), array.shape())
        : loanOf(link.blank(array.dataType(), array.shape()));
  }

  /** Returns a copy of an array in the same memory. */
  Loan copy(INDArray array) {
    return written(array, like(array));
  }

  /** Returns a copy of an array that the link can send: in the host's memory. */
  Loan frame(INDArray array) {
    return written(array, loanOf(link.blank(array.dataType(), array.shape())));
  }

  private static Loan written(INDArray array, Loan copy) {
    NativeArrays.copy(array, copy.array());
    return copy;
  }

  /**
   * Waits for the array of this tag, which the caller closes. It lies where stages compute, or,
   * where the host reads it, in the host's memory.
   */
  Loan take(Tag tag) throws InterruptedException {
    Loan madeHere = made.remove(tag);
    if (madeHere != null) {
      return madeHere;
    }
    if (device != null && device.isAsked(tag)) {
      return device.take(tag);
    }
    return form.incoming(tag, link.receive(tag, cancelled));
  }

  /** Sends a copy to every other one of some ranks, of which this is one. */
  void tellAll(Tag tag, INDArray array, List<Integer> members) {
    for (int other : members) {
      if (other != rank) {
        link.lend(other, tag, frame(array));
      }
    }
  }

  /**
   * Gathers numbers of some ranks on each of them, an all-gather. Waits for all others.
   *
   * @param from channel of a rank's frames, which {@link FrameList#allGather} has listed
   * @param members the ranks, ascending, of which this is one
   * @return by their place among the members
   */
  double[][] allGather(IntFunction<Channel> from, int step, double[] own, List<Integer> members)
      throws InterruptedException {
    double[][] all = new double[members.size()][];
    if (members.size() > 1) {
      tellAll(new Tag(from.apply(rank), step, 0), Nd4j.createFromArray(own), members);
    }
    for (int i = 0; i < all.length; i++) {
      int other = members.get(i);
      if (other == rank) {
        all[i] = own;
      } else {
        try (Loan told = take(new Tag(from.apply(other), step, 0))) {
          all[i] = told.array().toDoubleVector();
        }
      }
    }
    return all;
  }

  /** Waits until all that was sent is with the link. */
  void flush() throws InterruptedException {
    if (device != null) {
      device.flush();
    }
  }

  /** Returns why the link failed: what this rank could not send, or else what was thrown. */
  RuntimeException cause(LinkException thrown) {
    return device == null ? thrown : device.cause(thrown);
  }

  /** Gives back what was put and nobody took. */
  @Override
  public void close() {
    try {
      made.values().forEach(Loan::close);
      made.clear();
    } finally {
      if (device != null) {
        device.close();
      }
    }
  }
}
