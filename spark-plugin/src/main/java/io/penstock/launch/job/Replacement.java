package io.penstock.launch.job;

import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replacement of an executor that is of no more use. Stateless; for any thread. */
final class Replacement {
  private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);

  private Replacement() {}

  /**
   * Asks the cluster to replace an executor, and logs whether it will.
   *
   * @param why in words that begin a sentence
   * @param otherwise what follows if it cannot be
   * @return whether it will
   */
  static boolean ask(SparkContext context, String executor, String why, String otherwise) {
    try {
      boolean asked = context.killAndReplaceExecutor(executor);
      if (asked) {
        LOG.warn("{}: the executor is replaced", why);
      } else {
        LOG.warn("{}, and its executor cannot be replaced: {}", why, otherwise);
      }
      return asked;
    } catch (Exception unanswered) { // of the cluster's manager; Scala declares none
      LOG.warn("{}, but its executor could not be asked to be replaced", why, unanswered);
      if (unanswered instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return false;
    }
  }
}
