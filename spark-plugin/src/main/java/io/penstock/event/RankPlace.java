package io.penstock.event;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.Utils;

/**
 * Place of a rank: the executor, host and process in which it runs. Immutable.
 *
 * @param rank from 0
 * @param executor Spark's id of it
 * @param host of the executor
 * @param pid the operating system's id of its process
 * @param gpus the addresses of the GPUs that Spark gave the task; empty without any
 */
public record RankPlace(int rank, String executor, String host, long pid, List<String> gpus)
    implements Serializable {
  /** Spark's name of the resource, in {@code spark.executor.resource.gpu.amount} and the like. */
  public static final String GPU = "gpu";

  /** Copies the list. */
  public RankPlace {
    gpus = List.copyOf(gpus);
  }

  /** Returns the place of the task that runs on this thread. */
  public static RankPlace of(BarrierTaskContext context) {
    ResourceInformation assigned = context.resourcesJMap().get(GPU);
    return new RankPlace(
        context.partitionId(),
        SparkEnv.get().executorId(),
        Utils.localHostName(),
        ProcessHandle.current().pid(),
        assigned == null ? List.of() : List.of(assigned.addresses()));
  }

  /** Returns whether its process is the driver's, as in local mode. */
  private boolean isDriver() {
    return executor.equals("driver");
  }

  /** Returns the process in words, such as "executor 1 on host". */
  public String process() {
    return isDriver() ? "the driver's process on " + host : "executor " + executor + " on " + host;
  }

  /** Returns in words whose log has more to say. */
  public String log() {
    return isDriver() ? "the driver's log" : "the log of executor " + executor;
  }
}
