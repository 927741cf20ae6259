package io.penstock.link;

import io.penstock.Internal;
import io.penstock.array.Loan;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Link that has another do all that a subclass does not do itself. As thread-safe as the other. */
@Internal
public abstract class ForwardingLink implements Link {
  private final Link link;

  /** Forwards to a link, which is closed with this one. */
  protected ForwardingLink(Link link) {
    this.link = link;
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
  public Loan receive(Tag tag, BooleanSupplier cancelled) throws InterruptedException {
    return link.receive(tag, cancelled);
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
  public void post(Tag tag, Runnable arrived) {
    link.post(tag, arrived);
  }

  @Override
  public void whenReady(Tag tag, Runnable ready) {
    link.whenReady(tag, ready);
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
