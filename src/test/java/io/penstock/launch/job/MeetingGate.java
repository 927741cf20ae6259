package io.penstock.launch.job;

import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** A plugin by which rank 1 waits at a gate of this JVM's before it begins, while others meet. */
public final class MeetingGate implements SparkPlugin {
  private static volatile Gate gate;

  /** Puts one up; null takes it away. */
  static void put(Gate one) {
    gate = one;
  }

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> settings) {}

      @Override
      public void onTaskStart() {
        Gate here = gate;
        if (here != null && TaskContext.get() instanceof BarrierTaskContext rank) {
          if (rank.partitionId() == 1) {
            here.pass();
          }
        }
      }
    };
  }
}
