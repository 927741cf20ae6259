package io.penstock.launch;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.Utils;

/**
 * What a rank says when it has taken in its rows and met its peers.
 *
 * @param attempt of the Spark stage, from 0
 * @param rows of all ranks together, to train on
 * @param validationRows of all ranks together
 */
record RankReady(int attempt, RankPlace place, long rows, long validationRows)
    implements Serializable {
  private static final String GPU = "gpu";

  static RankReady of(BarrierTaskContext context, long rows, long validationRows) {
    ResourceInformation gpus = context.resourcesJMap().get(GPU);
    RankPlace place =
        new RankPlace(
            context.partitionId(),
            SparkEnv.get().executorId(),
            Utils.localHostName(),
            ProcessHandle.current().pid(),
            gpus == null ? List.of() : List.of(gpus.addresses()));
    return new RankReady(context.stageAttemptNumber(), place, rows, validationRows);
  }
}
