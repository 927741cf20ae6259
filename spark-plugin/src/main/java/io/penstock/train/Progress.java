package io.penstock.train;

/** Where a rank tells how far it is. Called from the rank's own thread; must not block it. */
@FunctionalInterface
public interface Progress {
  /** An epoch is done on this rank. */
  void epochDone(EpochReport report);
}
