package io.penstock.ui;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.penstock.event.RunEnded;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.event.RunStarted;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Metrics of the runs on the driver: {@code runs.*} counts them, {@code run.*} is the one that
 * began last, also when it is over. What is not known is NaN. Events come by one thread; any may
 * read.
 */
final class RunMetrics extends SparkListener {
  private final Counter started = new Counter();
  private final Counter succeeded = new Counter();
  private final Counter failed = new Counter();
  private final Counter cancelled = new Counter();
  private final Counter skippedSteps = new Counter();
  private final Counter checkpoints = new Counter();
  private final Counter resumes = new Counter();
  private final Counter recuts = new Counter();
  private volatile RunState run;

  void register(MetricRegistry registry) {
    registry.register("runs.started", started);
    registry.register("runs.succeeded", succeeded);
    registry.register("runs.failed", failed);
    registry.register("runs.cancelled", cancelled);
    registry.register("runs.skippedSteps", skippedSteps);
    registry.register("runs.checkpoints", checkpoints);
    registry.register("runs.resumes", resumes);
    registry.register("runs.recuts", recuts);
    gauge(registry, "epochs", state -> OptionalDouble.of(state.epochsDone()));
    gauge(registry, "share", state -> OptionalDouble.of(state.share()));
    gauge(registry, "loss", RunState::loss);
    gauge(registry, "validationLoss", RunMetrics::validationLoss);
    gauge(registry, "rowsPerSecond", RunState::rowsPerSecond);
    gauge(registry, "bubble", RunState::bubble);
    gauge(registry, "secondsLeft", RunMetrics::secondsLeft);
  }

  private void gauge(
      MetricRegistry registry, String name, Function<RunState, OptionalDouble> value) {
    Gauge<Double> gauge =
        () -> {
          RunState now = run;
          return now == null ? Double.NaN : value.apply(now).orElse(Double.NaN);
        };
    registry.register("run." + name, gauge);
  }

  private static OptionalDouble validationLoss(RunState state) {
    return state.epochs().newest().stream()
        .filter(epoch -> epoch.validation() != null)
        .mapToDouble(epoch -> epoch.validation().loss())
        .findFirst();
  }

  private static OptionalDouble secondsLeft(RunState state) {
    return state.phase().isLive()
        ? state.secondsLeft(System.currentTimeMillis())
        : OptionalDouble.of(0);
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof RunStarted start) {
      started.inc();
      run = RunState.of(start);
    } else if (event instanceof RunEvent of) {
      if (of instanceof RunEnded end) {
        switch (end.outcome()) {
          case SUCCEEDED -> succeeded.inc();
          case FAILED -> failed.inc();
          case CANCELLED -> cancelled.inc();
        }
      }
      if (of instanceof RunIncident incident) {
        count(incident.kind());
      }
      RunState before = run;
      if (before != null && before.runId().equals(of.runId())) {
        run = before.after(of);
      }
    }
  }

  private void count(Kind kind) {
    switch (kind) {
      case STEP_SKIPPED -> skippedSteps.inc();
      case CHECKPOINT -> checkpoints.inc();
      case RETRY -> resumes.inc();
      case RECUT -> recuts.inc();
      default -> {}
    }
  }
}
