package io.penstock.launch.job;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.event.RankPlace;
import io.penstock.launch.cluster.RankArithmetic;
import java.io.Serializable;
import org.apache.spark.BarrierTaskContext;

/**
 * Message of a rank that has taken in its rows and met its peers. Immutable.
 *
 * @param attempt of the Spark stage, from 0
 * @param place of the rank
 * @param rows of all ranks together
 * @param arithmetic of the rank
 */
record RankReady(int attempt, RankPlace place, RunIdentity.Rows rows, RankArithmetic arithmetic)
    implements Serializable {
  static RankReady of(
      BarrierTaskContext context, RunIdentity.Rows rows, RankArithmetic arithmetic) {
    return new RankReady(context.stageAttemptNumber(), RankPlace.of(context), rows, arithmetic);
  }
}
