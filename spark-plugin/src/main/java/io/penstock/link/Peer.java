package io.penstock.link;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The way to one other rank. Thread-safe. */
interface Peer {
  /** A rank that ended before this one had connected: it wants nothing. */
  Peer ENDED =
      new Peer() {
        @Override
        public void send(Tag tag, INDArray tensor, Runnable unused) {
          unused.run();
        }

        @Override
        public void farewell(LinkException trouble, Runnable done) {
          done.run();
        }
      };

  /**
   * Sends and returns at once; what goes wrong later fails the link.
   *
   * @param unused run, on any thread, once nobody on this side needs the array any more; never if
   *     the peer got the array itself
   */
  void send(Tag tag, INDArray tensor, Runnable unused);

  /**
   * Tells the peer that this rank has ended.
   *
   * @param trouble why it failed, or null after a good end
   * @param done run once the peer knows, or never will
   */
  void farewell(LinkException trouble, Runnable done);
}
