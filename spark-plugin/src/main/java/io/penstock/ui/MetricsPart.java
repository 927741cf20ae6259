package io.penstock.ui;

import io.penstock.Internal;
import io.penstock.launch.plugin.DriverPart;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;

/** Puts the runs into the driver's metrics. For the thread that sets up Spark's context. */
@Internal
public final class MetricsPart implements DriverPart {
  @Override
  public void start(SparkContext context, PluginContext plugin) {
    RunMetrics metrics = new RunMetrics();
    metrics.register(plugin.metricRegistry());
    context.addSparkListener(metrics);
  }
}
