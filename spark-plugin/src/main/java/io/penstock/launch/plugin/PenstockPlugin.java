package io.penstock.launch.plugin;

import io.penstock.conf.Settings;
import io.penstock.device.Backend;
import io.penstock.device.Device;
import io.penstock.device.DeviceSearch;
import io.penstock.device.Nd4jBackend;
import io.penstock.device.UnusableDeviceException;
import io.penstock.event.RankPlace;
import io.penstock.launch.SparkVersion;
import io.penstock.launch.cluster.ArrayLimit;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.launch.cluster.Placement;
import io.penstock.launch.cluster.RankDevice;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spark plugin of Penstock, set as {@code spark.plugins=io.penstock.launch.plugin.PenstockPlugin}.
 * For the threads of Spark's that start and end a driver or an executor. It readies ND4J while an
 * executor starts, so that the first task finds it loaded, and chooses ND4J's backend: its own for
 * CUDA where {@code spark.penstock.backend} and the executor's GPU are for that, otherwise the
 * CPU's, beside which GPUs are computed on through CUDA's driver. On the driver it starts every
 * {@link DriverPart}, such as the tab in Spark's UI. Training works without it, only slower to
 * start and with less to see; on GPUs by ND4J it then depends on training being the first thing
 * that the executor does with ND4J.
 */
public final class PenstockPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(PenstockPlugin.class);

  /** Makes the plugin, as Spark does. */
  public PenstockPlugin() {
    SparkVersion.check();
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverSide();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorSide();
  }

  private static final class DriverSide implements DriverPlugin {
    private final DriverParts parts = DriverParts.found();

    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      Settings.check(context.getConf());
      if (!context.isLocal()) {
        Nd4jBackend.CPU.choose(); // it only hands out work: GPUs are the executors'
      }
      parts.start(context, plugin);
      if (NativeMemory.isLocal(context.getConf())) {
        // The executor's own metrics begin there before the application has an id to be named by.
        new ExecutorMetrics(plugin.metricRegistry()).start();
      }
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
        ArrayLimit.announce(conf);
        new ExecutorMetrics(context.metricRegistry()).start();
      }
      int threads = conf.getInt("spark.task.cpus", 1);
      Thread loader =
          new Thread(
              () -> {
                try {
                  NativeRuntime.chooseKernels();
                  choose(context);
                  NativeRuntime.ready(threads);
                } catch (IllegalArgumentException refused) {
                  LOG.error("Training will fail on this executor: {}", refused.getMessage());
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

    /** Chooses ND4J's backend: its own for CUDA where the executor's GPUs are computed on by it. */
    private static void choose(PluginContext context) {
      SparkConf conf = context.conf();
      DeviceSearch search = RankDevice.search(conf);
      ResourceInformation assigned = context.resources().get(RankPlace.GPU);
      List<String> addresses =
          search.backend() == Backend.CPU
              ? List.of()
              : NativeMemory.isLocal(conf)
                  ? Placement.addresses(search, assigned)
                  : assigned == null ? List.of() : List.of(assigned.addresses());
      try {
        List<Device> devices = addresses.stream().map(search::device).toList();
        if (devices.isEmpty() || devices.stream().anyMatch(Device::isByDriver)) {
          Nd4jBackend.CPU.choose();
        } else {
          Nd4jBackend.CUDA.choose();
          devices.get(0).claim();
        }
      } catch (UnusableDeviceException unusable) {
        Nd4jBackend.CPU.choose();
        LOG.warn("Stages compute on the CPU here: {}", unusable.getMessage());
      }
    }
  }
}
