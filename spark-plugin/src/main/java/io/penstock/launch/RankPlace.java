package io.penstock.launch;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.Utils;

/**
 * Where a rank is at work.
 *
 * @param rank from 0
 * @param executor Spark's id of the executor
 * @param host its host
 * @param pid the id of its process
 * @param gpus the addresses of the GPUs that Spark gave the task; empty without any
 */
public record RankPlace(int rank, String executor, String host, long pid, List<String> gpus)
    implements Serializable {
  /** Copies the list. */
  public RankPlace {
    gpus = List.copyOf(gpus);
  }

  /** That of the task that runs on this thread. */
  static RankPlace of(BarrierTaskContext context) {
    ResourceInformation assigned = context.resourcesJMap().get(GpuOffer.RESOURCE);
    return new RankPlace(
        context.partitionId(),
        SparkEnv.get().executorId(),
        Utils.localHostName(),
        ProcessHandle.current().pid(),
        assigned == null ? List.of() : List.of(assigned.addresses()));
  }

  /** Whether its process is the driver's, as in local mode. */
  private boolean isDriver() {
    return executor.equals("driver");
  }

  /** In words: which process it is, such as "executor 1 on host". */
  String process() {
    return isDriver() ? "the driver's process on " + host : "executor " + executor + " on " + host;
  }

  /** In words: whose log has more to say. */
  String log() {
    return isDriver() ? "the driver's log" : "the log of executor " + executor;
  }
}
