package io.penstock.examples;

import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunStarted;
import io.penstock.launch.job.TrainingResult;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.storage.RDDInfo;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Phases of a fit, by what Spark and Penstock post on the listener bus: a profile, if the plan is
 * chosen by one; executors awaited, rows read and packed, rows handed out, steps, weights
 * collected.
 */
final class FitPhases extends SparkListener {
  private static final double NANOS_PER_MILLI = 1e6;

  /** Of more steps than this, a result has the newest alone. */
  private static final int MOST_STEPS = 16_384;

  private final Phases phases;
  private final SparkContext context;
  private boolean running;
  private boolean reading;
  private String training = "";

  private FitPhases(Phases phases, SparkContext context) {
    this.phases = phases;
    this.context = context;
  }

  /** Tells of the fits of an application from now on, until {@link #trained}. */
  static FitPhases of(SparkContext context, Phases phases) {
    FitPhases told = new FitPhases(phases, context);
    context.addSparkListener(told);
    return told;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart job) {
    if (running && !reading) {
      reading = true;
      phases.began("reading and packing rows", job.time());
    }
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted stage) {
    boolean barrier =
        CollectionConverters.asJava(stage.stageInfo().rddInfos()).stream()
            .anyMatch(RDDInfo::isBarrier);
    if (barrier) {
      String what = running ? "handing the rows to the stages" : "profile of layers and links";
      phases.began(what, (long) stage.stageInfo().submissionTime().get());
    }
  }

  @Override
  public synchronized void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof RunStarted started) {
      running = true;
      reading = false;
      training = "training on " + count(started.stages().size(), "stage");
      if (!context.isLocal()) {
        phases.began("waiting for " + count(started.ranks(), "executor"), started.time());
      }
    } else if (event instanceof RanksReady ready) {
      phases.began(training + ", a line an epoch", ready.time());
      phases.add("first step", ready.time());
    } else if (event instanceof RunEnded ended) {
      running = false;
      phases.add("making the model", ended.time());
    }
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** Ends it, and tells the first step, in which code is still cold, from the others. */
  synchronized void trained(TrainingResult result) {
    context.removeSparkListener(this);
    if (!training.isEmpty() && result.stepStarts().length < MOST_STEPS) {
      double end = (double) result.stepStarts()[0] + result.stepNanos()[0];
      phases.add(training, end / NANOS_PER_MILLI);
    }
  }
}
