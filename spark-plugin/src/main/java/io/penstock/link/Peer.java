package io.penstock.link;

import io.penstock.array.Loan;

/** Path to one other rank. Thread-safe. */
interface Peer {
  /** A rank that ended before this one had connected: it wants nothing. */
  Peer ENDED =
      new Peer() {
        @Override
        public void send(Tag tag, Loan loan) {
          loan.close();
        }

        @Override
        public void farewell(LinkException trouble, Runnable done) {
          done.run();
        }
      };

  /**
   * Sends and returns at once; what goes wrong later fails the link.
   *
   * @param loan closed, on any thread, once the frame has arrived; by the receiver if it got the
   *     array itself
   */
  void send(Tag tag, Loan loan);

  /**
   * Tells the peer that this rank has ended.
   *
   * @param trouble why it failed, or null after a good end
   * @param done run once the peer knows, or never will
   */
  void farewell(LinkException trouble, Runnable done);
}
