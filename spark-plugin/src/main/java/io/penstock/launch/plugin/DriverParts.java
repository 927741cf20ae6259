package io.penstock.launch.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts of the driver that the service loader finds. For the thread that sets the application up.
 */
record DriverParts(List<DriverPart> parts) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriverParts.class);

  /** Returns all that are found. */
  static DriverParts found() {
    List<DriverPart> parts = new ArrayList<>();
    try {
      ServiceLoader.load(DriverPart.class, DriverPart.class.getClassLoader()).forEach(parts::add);
    } catch (ServiceConfigurationError cause) {
      LOG.warn("Not all parts of the driver can be loaded; the application goes on", cause);
    }
    return new DriverParts(parts);
  }

  void start(SparkContext context, PluginContext plugin) {
    for (DriverPart part : parts) {
      try {
        part.start(context, plugin);
      } catch (RuntimeException | LinkageError cause) {
        LOG.warn("{} cannot start; the application goes on without it", part, cause);
      }
    }
  }

  @Override
  public void close() {
    for (DriverPart part : parts) {
      try {
        part.close();
      } catch (Exception cause) {
        LOG.warn("{} did not close well", part, cause);
      }
    }
  }
}
