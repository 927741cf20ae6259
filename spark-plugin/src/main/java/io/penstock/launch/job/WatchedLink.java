package io.penstock.launch.job;

import io.penstock.array.Loan;
import io.penstock.link.ForwardingLink;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.util.function.BooleanSupplier;

/**
 * Link that notes its rank's waits for frames in the rank's activity. The waits are for the task's
 * thread; all else is as thread-safe as the link.
 */
final class WatchedLink extends ForwardingLink {
  private final RankActivity activity;

  WatchedLink(Link link, RankActivity activity) {
    super(link);
    this.activity = activity;
  }

  @Override
  public Loan receive(Tag tag, BooleanSupplier cancelled) throws InterruptedException {
    activity.await(tag);
    try {
      return super.receive(tag, cancelled);
    } finally {
      activity.received();
    }
  }
}
