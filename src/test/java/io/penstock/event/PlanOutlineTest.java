package io.penstock.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.Replication;
import io.penstock.train.TrainingPlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Adam;

class PlanOutlineTest {
  /** Bytes of the numbers of a dense layer of 8 inputs and 8 outputs. */
  private static final long DENSE = 4 * (8 * 8 + 8);

  /** Two stages, of three equal dense layers and of two; every one but the last has a ReLU. */
  private static TrainingPlan plan(Replication replication) {
    return new TrainingPlan(
            Sequential.perceptron(8, 8, 8, 8, 8, 8).toWire(),
            Updater.of(new Adam()).toJson(),
            List.of(0, 6),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 4)),
            64,
            1,
            7)
        .withReplication(replication);
  }

  private static List<Long> state(Replication replication) {
    return PlanOutline.stages(plan(replication)).stream().map(StagePlan::stateBytes).toList();
  }

  @Test
  void eachReplicaHoldsWeightsGradientsAndAllOfTheOptimizersState() {
    List<Long> whole = List.of(3 * 4 * DENSE, 2 * 4 * DENSE);
    assertEquals(whole, state(Replication.NONE));
    assertEquals(whole, state(Replication.of(2)));
    assertEquals(whole, state(Replication.NONE.withShardedOptimizer(true)), "with itself");
  }

  /** Adam keeps two numbers a weight; a layer's lie on one replica. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void sharedOptimizerStateIsThatOfTheReplicaWithMost(int replicas) {
    long first = (3 + replicas - 1) / replicas;
    long second = (2 + replicas - 1) / replicas;
    assertEquals(
        List.of((3 * 2 + first * 2) * DENSE, (2 * 2 + second * 2) * DENSE),
        state(Replication.of(replicas).withShardedOptimizer(true)));
  }
}
