package io.penstock.examples;

import io.penstock.array.Loan;
import io.penstock.link.ForwardingLink;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A link whose frames leave later than they were sent, as over a slow network. */
final class SlowLink extends ForwardingLink {
  private final long nanos;
  private final ScheduledExecutorService waiting = Executors.newSingleThreadScheduledExecutor();

  /**
   * Delays what goes over a link.
   *
   * @param nanos how long after it was sent a frame leaves
   */
  SlowLink(Link link, long nanos) {
    super(link);
    this.nanos = nanos;
  }

  @Override
  public void send(int toRank, Tag tag, INDArray tensor) {
    delay(() -> super.send(toRank, tag, tensor));
  }

  @Override
  public void give(int toRank, Tag tag, INDArray tensor) {
    delay(() -> super.give(toRank, tag, tensor));
  }

  @Override
  public void lend(int toRank, Tag tag, Loan loan) {
    delay(() -> super.lend(toRank, tag, loan));
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
            fail(lost);
          }
        };
    waiting.schedule(later, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    waiting.shutdown(); // what waits is still sent
    try {
      waiting.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    super.close();
  }
}
