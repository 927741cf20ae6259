package io.penstock.yarn;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.SignalContainerCommand;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.spark.sql.SparkSession;

/**
 * A YARN of one node: its ResourceManager and NodeManager are threads of this process, its
 * containers are processes, whose memory the NodeManager counts and limits. It writes under the
 * working directory only, and takes whatever ports are free.
 */
final class YarnCluster implements AutoCloseable {
  /** Containers are as large as they are asked for, to the MiB. */
  private static final String STEP_MIB = "1";

  private final MiniYARNCluster yarn = new MiniYARNCluster("yarn", 1, 1, 1);
  private final YarnClient client = YarnClient.createYarnClient();

  YarnCluster() {
    YarnConfiguration conf = new YarnConfiguration();
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
    conf.set("yarn.scheduler.minimum-allocation-mb", STEP_MIB);
    conf.set("yarn.minicluster.yarn.nodemanager.resource.memory-mb", "8192");
    // A test's NodeManager does not look at its containers unless it is told to.
    conf.set("yarn.minicluster.control-resource-monitoring", "true");
    conf.set("yarn.nodemanager.pmem-check-enabled", "true");
    // By what it counts itself, not by control groups of the kernel's, which are root's.
    conf.set("yarn.nodemanager.resource.memory.enforced", "false");
    // A JVM reserves gigabytes of addresses that it never touches.
    conf.set("yarn.nodemanager.vmem-check-enabled", "false");
    conf.set("yarn.nodemanager.container-monitor.interval-ms", "200");
    conf.set("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", "100");
    // A disk that is nearly full is none of these tests' business.
    conf.set(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "100");
    yarn.init(conf);
    yarn.start();
    client.init(yarn.getConfig());
    client.start();
  }

  /** A builder of sessions in client mode with two executors, on the class path of the tests. */
  SparkSession.Builder session() throws IOException {
    String jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> "local:" + Path.of(entry).toAbsolutePath())
            .collect(Collectors.joining(","));
    Path staging = Files.createDirectories(Path.of("yarn-staging").toAbsolutePath());
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("yarn")
            .config("spark.yarn.jars", jars)
            .config("spark.yarn.stagingDir", staging.toUri().toString())
            .config("spark.yarn.am.memory", "512m")
            .config("spark.executor.instances", "2")
            .config("spark.executor.cores", "1")
            .config("spark.executor.memory", "512m")
            .config("spark.executorEnv.OMP_NUM_THREADS", "1")
            .config("spark.plugins", "io.penstock.launch.plugin.PenstockPlugin")
            // Executors are killed here, and the application shall outlive it.
            .config("spark.executor.maxNumFailures", "1000")
            .config("spark.local.dir", Path.of("yarn-local").toAbsolutePath().toString())
            .config("spark.sql.shuffle.partitions", "2");
    for (String place : List.of("address", "scheduler.address")) {
      String key = "yarn.resourcemanager." + place;
      builder.config("spark.hadoop." + key, yarn.getConfig().get(key));
    }
    return builder;
  }

  /** Has the ResourceManager kill a container, as an operator would. */
  void kill(String container) throws IOException, YarnException {
    client.signalToContainer(
        ContainerId.fromString(container), SignalContainerCommand.FORCEFUL_SHUTDOWN);
  }

  @Override
  public void close() {
    client.stop();
    yarn.stop();
  }
}
