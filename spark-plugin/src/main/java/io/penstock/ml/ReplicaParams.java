package io.penstock.ml;

import io.penstock.train.Replication;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;

/**
 * Params of data parallelism: how many replicas of the stages there are, and how their gradients
 * are summed, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface ReplicaParams extends OptimizerParams {
  /**
   * Param for the number of replicas of all stages (>= 0; 0: as many as pay, chosen by schedule
   * auto). Default: 1
   */
  default IntParam numReplicas() {
    return paramRegistry()
        .param(
            "numReplicas",
            1,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Data-parallel size: the number of replicas (>= 0) of all stages, on numStages"
                        + " executors each. 0 lets schedule auto choose: as many of those that the"
                        + " cluster offers as make a step quicker. Every replica trains on its"
                        + " share of a mini-batch's micro-batches, and their gradients are summed:"
                        + " the same as one replica learns with as many gradientGroups, bit for"
                        + " bit. Each replica holds all rows.",
                    new ParamValidator<>(
                        name,
                        "a whole number of at least 1, or 0 for as many as pay, with schedule auto",
                        value -> (Integer) value >= 0)));
  }

  /** Param for the groups in which gradients are summed (>= 1). Default: numReplicas */
  default IntParam gradientGroups() {
    return paramRegistry()
        .param(
            "gradientGroups",
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Groups (>= 1) of a mini-batch's micro-batches in which gradients are summed,"
                        + " first within each, then over all. Set it where one replica is to learn,"
                        + " bit for bit, what so many replicas would. Left out, it is numReplicas.",
                    ParamValidator.atLeastOne(name)));
  }

  /** Param for whether replicas share the optimizer's state among them. Default: false */
  default BooleanParam shardOptimizer() {
    return paramRegistry()
        .param(
            "shardOptimizer",
            false,
            name ->
                new BooleanParam(
                    uid(),
                    name,
                    "Whether each layer's optimizer state lies on one replica only, which updates"
                        + " the layer for all (ZeRO stage 1): less memory on each executor, and the"
                        + " same result. Of no effect with one replica."));
  }

  /** Returns the number of replicas of all stages, 0 for as many as pay: {@link #numReplicas}. */
  default int getNumReplicas() {
    return (Integer) $(numReplicas());
  }

  /** Returns the groups in which gradients are summed: see {@link #gradientGroups}. */
  default int getGradientGroups() {
    return isDefined(gradientGroups())
        ? (Integer) $(gradientGroups())
        : Math.max(1, getNumReplicas());
  }

  /** Returns whether replicas share the optimizer's state: see {@link #shardOptimizer}. */
  default boolean getShardOptimizer() {
    return (Boolean) $(shardOptimizer());
  }

  /** Returns whether the number of replicas is to be chosen, of executors that there are. */
  default boolean isAutoReplicas() {
    return getNumReplicas() == 0;
  }

  /**
   * Resolves the three.
   *
   * @param replicas as many as were chosen, or the param's
   * @param chosenGroups those to sum in where the param leaves them open
   * @throws IllegalArgumentException if several replicas do not have as many groups
   */
  default Replication resolveReplication(int replicas, int chosenGroups) {
    int groups = isDefined(gradientGroups()) ? getGradientGroups() : chosenGroups;
    return new Replication(replicas, groups, getShardOptimizer());
  }
}
