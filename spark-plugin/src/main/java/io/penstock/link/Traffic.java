package io.penstock.link;

import java.util.concurrent.TimeUnit;

/** The counters of a link, and the wait for what is still on its way. Thread-safe. */
final class Traffic {
  private long framesSent;
  private long bytesSent;
  private long framesReceived;
  private long bytesReceived;
  private long inFlight;
  private boolean abandoned;

  synchronized void sent(long bytes) {
    framesSent++;
    bytesSent += bytes;
    inFlight++;
  }

  /** Notes that a sent frame has arrived, or never will. */
  synchronized void settled() {
    inFlight--;
    notifyAll();
  }

  synchronized void received(long bytes) {
    framesReceived++;
    bytesReceived += bytes;
  }

  /** Ends the wait for frames in flight, for the link has failed. */
  synchronized void abandon() {
    abandoned = true;
    notifyAll();
  }

  /**
   * Waits until all that was sent has arrived, the link is abandoned, or {@link System#nanoTime} is
   * past the deadline.
   */
  synchronized void awaitSettled(long deadlineNanos) throws InterruptedException {
    long left;
    while (inFlight > 0 && !abandoned && (left = deadlineNanos - System.nanoTime()) > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  synchronized LinkStats stats() {
    return new LinkStats(framesSent, bytesSent, framesReceived, bytesReceived, inFlight);
  }
}
