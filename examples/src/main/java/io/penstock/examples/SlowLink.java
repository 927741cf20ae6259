package io.penstock.examples;

import io.penstock.array.Loan;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkStats;
import io.penstock.link.Tag;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A link whose frames leave later than they were sent, as over a slow network. */
final class SlowLink implements Link {
  private final Link link;
  private final long nanos;
  private final ScheduledExecutorService waiting = Executors.newSingleThreadScheduledExecutor();

  /**
   * Delays what goes over a link.
   *
   * @param nanos how long after it was sent a frame leaves
   */
  SlowLink(Link link, long nanos) {
    this.link = link;
    this.nanos = nanos;
  }

  @Override
  public void send(int toRank, Tag tag, INDArray tensor) {
    delay(() -> link.send(toRank, tag, tensor));
  }

  @Override
  public void give(int toRank, Tag tag, INDArray tensor) {
    delay(() -> link.give(toRank, tag, tensor));
  }

  @Override
  public void lend(int toRank, Tag tag, Loan loan) {
    delay(() -> link.lend(toRank, tag, loan));
  }

  private void delay(Runnable send) {
    if (nanos == 0) {
      send.run();
      return;
    }
    Runnable later =
        () -> {
          try {
            send.run();
          } catch (RuntimeException lost) {
            link.fail(lost);
          }
        };
    waiting.schedule(later, nanos, TimeUnit.NANOSECONDS);
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
  public Loan receive(Tag tag, BooleanSupplier cancelled) throws InterruptedException {
    return link.receive(tag, cancelled);
  }

  @Override
  public INDArray blank(DataType type, long... shape) {
    return link.blank(type, shape);
  }

  @Override
  public void release(INDArray own) {
    link.release(own);
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
    waiting.shutdown(); // what waits is still sent
    try {
      waiting.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    link.close();
  }
}
