package io.penstock.event;

import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Event of a run on Spark's listener bus: a {@code SparkListener} gets it in {@code onOtherEvent},
 * from the live application and, through Spark's event log, in the history server. In this order:
 *
 * <ol>
 *   <li>{@link RunStarted}: the plan. Executors may still be awaited.
 *   <li>{@link RanksReady}: where the stages lie, and how many rows there are. Again if Spark tries
 *       anew.
 *   <li>{@link StepCompleted}: how far an epoch is, about once a second; not in the event log.
 *   <li>{@link EpochCompleted}, followed by {@link StepMeasured}, the timeline of its last step.
 *   <li>{@link RunIncident}s in between.
 *   <li>{@link RunEnded}: with what outcome. Missing where the driver itself was lost.
 * </ol>
 *
 * Every fit is a run of its own, and several may go on at a time: {@link #runId} tells them apart.
 * All are immutable records, which any thread may read, that name neither ND4J nor a network's
 * classes, so that the history server reads them with nothing but this jar. Times are milliseconds
 * since 1970.
 */
public sealed interface RunEvent extends SparkListenerEvent
    permits RunStarted,
        RanksReady,
        StepCompleted,
        EpochCompleted,
        StepMeasured,
        RunIncident,
        RunEnded {

  /** Returns which run of this application it is of. */
  String runId();

  /** Returns when it happened, in milliseconds since 1970. */
  long time();

  /** Returns whether it goes to Spark's event log. */
  @Override
  default boolean logEvent() {
    return true;
  }
}
