package io.penstock.launch.plugin;

import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;

/**
 * Part of the driver that {@link PenstockPlugin} starts with the application, such as the tab in
 * Spark's UI. Both methods are called by the thread that sets up or ends Spark's context. Found by
 * {@link java.util.ServiceLoader}, so that this package need not know who looks at it. One that
 * fails is logged and left out: the application goes on without it.
 */
public interface DriverPart extends AutoCloseable {
  /**
   * Starts the part, once, while Spark's context is set up: its UI and its listener bus are there,
   * its executors are not.
   *
   * @param context the application's
   * @param plugin the plugin's context: its metric registry is that of the driver
   */
  void start(SparkContext context, PluginContext plugin);

  /** Ends the part with the application. Called also for one that could not be started. */
  @Override
  default void close() {}
}
