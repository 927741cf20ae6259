package io.penstock.launch.plugin;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.SlidingWindowReservoir;
import com.codahale.metrics.Timer;
import io.penstock.Internal;
import io.penstock.array.NativeHeap;
import io.penstock.link.Link;
import io.penstock.link.LinkStats;
import io.penstock.train.RankMeter;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Metrics of one rank of a run on its executor, as {@code rank0.busySeconds} and so on. All rise
 * from 0 when the rank begins. When it is done they keep their last values, so that a sink that
 * looks every ten seconds sees a short run too, until the next run comes to this executor. Written
 * by the rank's thread, which takes no memory for it; read by any.
 *
 * <p>This is itself the gauge {@code running}: 1 until the rank is done, then 0.
 */
@Internal
public final class RankMetrics implements Gauge<Integer>, AutoCloseable {
  /** Steps over which the quantiles of the step time are taken. */
  private static final int WINDOW = 512;

  private static final double NANOS = 1e9;

  private final MetricRegistry registry;
  private final String runId;
  private final RankMeter meter;
  private final Timer stepTime = new Timer(new SlidingWindowReservoir(WINDOW));
  private final List<String> names = new ArrayList<>();
  private volatile Link link;
  private volatile LinkStats traffic;
  private volatile int epochs;
  private volatile double checkpointSeconds;

  /**
   * Registers the metrics in place of those of earlier runs; of the same rank, also of a living
   * one.
   */
  public RankMetrics(
      MetricRegistry registry,
      String runId,
      int rank,
      TrainingPlan plan,
      RankMeter meter,
      Link link) {
    this.registry = registry;
    this.runId = runId;
    this.meter = meter;
    this.link = link;
    String prefix = "rank" + rank + ".";
    // Ranks of a local master come at the same time.
    synchronized (registry) {
      forgetEarlierRuns();
      put(prefix + "running", this);
      put(prefix + "stepTime", stepTime);
      gauge(prefix + "steps", meter::steps);
      gauge(prefix + "epochs", () -> epochs);
      gauge(prefix + "busySeconds", () -> meter.busyNanos() / NANOS);
      gauge(prefix + "waitSeconds", () -> meter.waitNanos() / NANOS);
      gauge(prefix + "moveSeconds", () -> meter.moveNanos() / NANOS);
      gauge(prefix + "checkpointSeconds", () -> checkpointSeconds);
      gauge(prefix + "nativeBytes", NativeHeap::bytes);
      gauge(prefix + "bytesSent", () -> traffic().bytesSent());
      gauge(prefix + "bytesReceived", () -> traffic().bytesReceived());
      gauge(prefix + "framesInFlight", () -> isRunning() ? traffic().framesInFlight() : 0);
      for (int stage = 0; stage < plan.stages(); stage++) {
        if (plan.schedule().rankOf(stage) == rank) {
          int which = stage;
          gauge(prefix + "stage" + stage + ".busySeconds", () -> meter.busyNanos(which) / NANOS);
          gauge(prefix + "stage" + stage + ".waitSeconds", () -> meter.waitNanos(which) / NANOS);
        }
      }
    }
  }

  private void gauge(String name, Gauge<Number> value) {
    put(name, value);
  }

  private void put(String name, Metric metric) {
    registry.remove(name);
    registry.register(name, metric);
    names.add(name);
  }

  private void forgetEarlierRuns() {
    for (Gauge<?> gauge : registry.getGauges().values()) {
      if (gauge instanceof RankMetrics other && !other.isRunning() && !other.runId.equals(runId)) {
        other.names.forEach(registry::remove);
      }
    }
  }

  @Override
  public Integer getValue() {
    return isRunning() ? 1 : 0;
  }

  private boolean isRunning() {
    return link != null;
  }

  private LinkStats traffic() {
    Link open = link;
    return open != null ? open.stats() : traffic;
  }

  /** Adds the time of a step, in nanoseconds. */
  public void stepTook(long nanos) {
    stepTime.update(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Counts an epoch.
   *
   * @param checkpoint seconds that the rank's part of a checkpoint took; 0 if none was due
   */
  public void epochDone(double checkpoint) {
    epochs++; // there is one writer
    if (checkpoint > 0) {
      checkpointSeconds = checkpoint;
    }
  }

  /** Ends the metrics of a rank that is done: their values stay. */
  @Override
  public void close() {
    traffic = link.stats();
    link = null; // or its buffers would stay as long as the metrics
  }
}
