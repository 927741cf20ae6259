package io.penstock.launch.plugin;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.penstock.Internal;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Metrics of an executor in Spark's metrics system, and so in every sink: the plugin's own
 * registry, to which {@link RankMetrics} come and go. Thread-safe, as the registry is. In a local
 * master's process the driver's metrics lie beside them, so names differ.
 *
 * @param registry the plugin's on this executor
 */
@Internal
public record ExecutorMetrics(MetricRegistry registry) {
  private static final String RUNNING = "ranksRunning";

  /** Name of the source in Spark's metrics system. */
  private static final String SOURCE = "plugin." + PenstockPlugin.class.getName();

  /** Registers the number of ranks at work. Spark drops a registry that is empty by then. */
  void start() {
    registry.register(RUNNING, (Gauge<Integer>) this::running);
  }

  private int running() {
    return registry.getGauges().values().stream()
        .filter(RankMetrics.class::isInstance)
        .mapToInt(rank -> ((RankMetrics) rank).getValue())
        .sum();
  }

  /**
   * Returns the metrics of this process, found where Spark keeps them: a task knows no plugin.
   * Empty where the application has no plugin.
   */
  public static Optional<ExecutorMetrics> here() {
    List<Source> sources =
        CollectionConverters.asJava(SparkEnv.get().metricsSystem().getSourcesByName(SOURCE));
    return sources.stream()
        .map(Source::metricRegistry)
        .filter(registry -> registry.getNames().contains(RUNNING))
        .map(ExecutorMetrics::new)
        .findFirst();
  }
}
