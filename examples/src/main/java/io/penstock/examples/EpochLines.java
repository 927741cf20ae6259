package io.penstock.examples;

import io.penstock.event.EpochCompleted;
import io.penstock.train.Validation;
import java.util.Locale;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;

/** Prints a line an epoch. */
final class EpochLines extends SparkListener {
  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof EpochCompleted done) {
      System.out.printf(
          Locale.ROOT,
          "epoch %2d of %d: loss %.4f%s, %,.0f rows/s, bubble %.0f %%%n",
          done.epoch() + 1,
          done.epochs(),
          done.loss(),
          validation(done.validation()),
          done.rowsPerSecond(),
          100 * done.bubble());
    }
  }

  private static String validation(Validation found) {
    return found == null
        ? ""
        : String.format(
            Locale.ROOT, ", validation %.4f, %s %.4f", found.loss(), found.metric(), found.value());
  }
}
