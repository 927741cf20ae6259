package io.penstock.link;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import java.util.UUID;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Path to a rank of the same JVM: it gets the array itself, and the loan with it. Thread-safe. */
final class LocalPeer implements Peer {
  private final int self;
  private final UUID link;
  private final Traffic traffic;

  /** Reaches rank {@code rank}; when its link closes without a goodbye, ours has lost it. */
  LocalPeer(int self, int rank, UUID link, Inbox ours, Traffic traffic) {
    this.self = self;
    this.link = link;
    this.traffic = traffic;
    Inbox theirs = LocalInboxes.find(link);
    if (theirs != null) {
      theirs.onClose(() -> ours.lost(closed(rank)));
    } else if (!ours.hasEnded(rank)) {
      throw closed(rank);
    }
  }

  private static LostPeerException closed(int rank) {
    return LostPeerException.connection(rank, "this JVM", "ended: that rank closed its link", null);
  }

  @Override
  public void send(Tag tag, Loan loan) {
    traffic.sent(NativeArrays.bytes(loan.array()));
    try {
      Inbox theirs = LocalInboxes.find(link);
      if (theirs != null) {
        INDArray array = loan.array();
        theirs.admit(self, "this JVM", tag, array.dataType(), array.shape());
        theirs.deliver(self, tag, loan);
      } else {
        loan.close();
      }
    } finally {
      traffic.settled();
    }
  }

  @Override
  public void farewell(LinkException trouble, Runnable done) {
    Inbox theirs = LocalInboxes.find(link);
    if (theirs != null && trouble == null) {
      theirs.ended(self);
    } else if (theirs != null) {
      theirs.fail(LostPeerException.failed(self, trouble.getMessage(), trouble));
    }
    done.run();
  }
}
