package io.penstock.launch.job;

import io.penstock.array.Loan;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkStats;
import io.penstock.link.Tag;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Link that notes its rank's waits for frames in the rank's activity. The waits are for the task's
 * thread; all else is as thread-safe as the link.
 */
record WatchedLink(Link link, RankActivity activity) implements Link {
  @Override
  public Loan receive(Tag tag, BooleanSupplier cancelled) throws InterruptedException {
    activity.await(tag);
    try {
      return link.receive(tag, cancelled);
    } finally {
      activity.received();
    }
  }

  @Override
  public Address address() {
    return link.address();
  }

  @Override
  public void connect(int rank, List<Address> addresses) {
    link.connect(rank, addresses);
  }

  @Override
  public void send(int toRank, Tag tag, INDArray tensor) {
    link.send(toRank, tag, tensor);
  }

  @Override
  public void give(int toRank, Tag tag, INDArray tensor) {
    link.give(toRank, tag, tensor);
  }

  @Override
  public void lend(int toRank, Tag tag, Loan loan) {
    link.lend(toRank, tag, loan);
  }

  @Override
  public void release(INDArray own) {
    link.release(own);
  }

  @Override
  public INDArray blank(DataType type, long... shape) {
    return link.blank(type, shape);
  }

  @Override
  public void post(Tag tag) {
    link.post(tag);
  }

  @Override
  public void fail(Throwable cause) {
    link.fail(cause);
  }

  @Override
  public LinkStats stats() {
    return link.stats();
  }

  @Override
  public OptionalLong threadNanos() {
    return link.threadNanos();
  }

  @Override
  public void close() {
    link.close();
  }
}
