package io.penstock.launch;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Set as {@code spark.plugins=io.penstock.launch.PenstockPlugin}, it readies ND4J while an executor
 * starts, so that the first task finds it loaded, and starts every {@link DriverPart}, such as the
 * tab in Spark's UI. Training works without it, only slower to start and with less to see.
 */
public final class PenstockPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(PenstockPlugin.class);

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverSide();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorSide();
  }

  private static final class DriverSide implements DriverPlugin {
    private final DriverParts parts = new DriverParts();

    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      parts.start(context, plugin);
      return Map.of();
    }

    @Override
    public void shutdown() {
      parts.close();
    }
  }

  private static final class ExecutorSide implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> extra) {
      SparkConf conf = context.conf();
      if (!NativeMemory.isLocal(conf)) {
        NativeMemory.limitTo(conf);
      }
      int threads = conf.getInt("spark.task.cpus", 1);
      Thread loader =
          new Thread(
              () -> {
                try {
                  NativeRuntime.ready(threads);
                } catch (Throwable cause) {
                  // The executor may serve jobs that need no ND4J; a training task fails by itself.
                  LOG.error(
                      "ND4J cannot be loaded here, training will fail on this executor. Is"
                          + " org.nd4j:nd4j-native with a classifier for this platform on"
                          + " spark.executor.extraClassPath?",
                      cause);
                }
              },
              "penstock-native-loader");
      loader.setDaemon(true);
      loader.start();
    }
  }
}
