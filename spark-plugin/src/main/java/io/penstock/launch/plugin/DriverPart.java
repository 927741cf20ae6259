package io.penstock.launch.plugin;

import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;

/**
 * Something that {@link PenstockPlugin} starts on the driver with the application, such as what
 * people look at. Found by {@link java.util.ServiceLoader}, so that this package need not know who
 * looks at it. One that fails is logged and left out: the application goes on without it.
 */
public interface DriverPart extends AutoCloseable {
  /**
   * Called once, while Spark's context is set up: its UI and its listener bus are there, its
   * executors are not.
   *
   * @param context the application's
   * @param plugin the plugin's: its metric registry is that of the driver
   */
  void start(SparkContext context, PluginContext plugin);

  /** The application ends. Called also for a part that could not be started. */
  @Override
  default void close() {}
}
