package io.penstock.launch.job;

import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** End of a broadcast of a run's. Stateless; for the driver's threads. */
final class RunBroadcast {
  private static final Logger LOG = LoggerFactory.getLogger(RunBroadcast.class);

  private RunBroadcast() {}

  /**
   * Frees a broadcast everywhere, if it can: one that stays, as where the context was stopped
   * meanwhile, is no reason to fail a run, nor to hide why it failed.
   */
  static void free(Broadcast<?> broadcast) {
    try {
      broadcast.destroy();
    } catch (Exception stays) { // Scala declares none
      LOG.debug("Could not free {}", broadcast, stays);
    }
  }
}
