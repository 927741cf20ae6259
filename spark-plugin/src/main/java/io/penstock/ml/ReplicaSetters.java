package io.penstock.ml;

/**
 * Setters of data parallelism that all pipeline-parallel estimators share.
 *
 * <p>Like all of MLlib's they are for one thread at a time.
 *
 * @param <E> the estimator's own type, which every setter returns
 */
public interface ReplicaSetters<E extends ReplicaSetters<E>> extends ReplicaParams {
  @SuppressWarnings("unchecked") // an estimator names itself
  private E self() {
    return (E) this;
  }

  /** Sets the number of replicas of all stages, each on executors of its own. */
  default E setNumReplicas(int value) {
    set(numReplicas(), value);
    return self();
  }

  /** Sets the groups in which gradients are summed, as so many replicas would sum them. */
  default E setGradientGroups(int value) {
    set(gradientGroups(), value);
    return self();
  }

  /** Sets whether replicas share the optimizer's state among them (ZeRO stage 1). */
  default E setShardOptimizer(boolean value) {
    set(shardOptimizer(), value);
    return self();
  }
}
