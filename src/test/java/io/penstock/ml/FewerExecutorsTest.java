package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.balance.RecomputePolicy;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Costs;
import io.penstock.schedule.OrderSearch;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.Replication;
import io.penstock.train.TrainingPlan;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FewerExecutorsTest {
  private static final Sequential NETWORK =
      Sequential.input(8)
          .dense(8, Activation.RELU)
          .dense(8, Activation.RELU)
          .dense(8, Activation.RELU)
          .dense(8, Activation.RELU)
          .dense(8, Activation.RELU)
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static TrainingPlan onTwo(Schedule schedule) {
    TrainingPlan plan =
        new TrainingPlan(
            NETWORK.toJson(),
            Updater.adam(0.01).toJson(),
            IntStream.range(0, schedule.stages()).boxed().toList(),
            TrainingPlan.lowerAndVerify(schedule),
            64,
            1,
            1);
    return new FewerExecutors(
            plan,
            NETWORK,
            schedule.stages() / schedule.ranks().size(),
            RecomputePolicy.NEVER,
            false,
            1L << 30)
        .on(2);
  }

  /** Two replicas of two stages. */
  private static FewerExecutors ofReplicas(long memory) {
    TrainingPlan plan =
        new TrainingPlan(
                NETWORK.toJson(),
                Updater.adam(0.01).toJson(),
                List.of(0, 4),
                TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 4)),
                64,
                1,
                1)
            .withReplication(Replication.of(2));
    return new FewerExecutors(plan, NETWORK, 1, RecomputePolicy.NEVER, false, memory);
  }

  @Test
  void replicasGoOnWithFewerStagesOrAsOneInAsManyGroups() {
    FewerExecutors fewer = ofReplicas(1L << 30);
    for (int executors = 1; executors <= 3; executors++) {
      TrainingPlan plan = fewer.on(executors);
      assertEquals(executors == 1 ? 1 : 2, plan.replication().replicas());
      assertEquals(executors == 1 ? 1 : 2, plan.ranks());
      assertEquals(2, plan.replication().gradientGroups());
      assertEquals(8, plan.microBatches());
    }
  }

  @Test
  void whereOneStageDoesNotFitOneReplicaHasAllExecutors() {
    Set<List<Integer>> found = new HashSet<>();
    for (long memory = 1_000; memory <= 64_000; memory += 500) {
      try {
        TrainingPlan plan = ofReplicas(memory).on(3);
        assertEquals(2, plan.replication().gradientGroups());
        found.add(List.of(plan.replication().replicas(), plan.ranks()));
      } catch (IllegalArgumentException tooLittle) {
        continue;
      }
    }
    assertEquals(Set.of(List.of(1, 3), List.of(2, 2)), found);
  }

  @Test
  void aSearchedScheduleGoesOnAsTheOneItWasMadeFrom() {
    for (String id : List.of("1f1b", "interleaved")) {
      Schedule fixed = Schedules.generate(id, 3, 8);
      Schedule searched =
          OrderSearch.search(
              fixed, Costs.even(fixed.stages(), 1, 1, 1), Collections.nCopies(3, 1.0), 1);
      assertEquals(id + ", searched", searched.name());
      TrainingPlan two = onTwo(searched);
      assertEquals(onTwo(fixed), two);
      assertEquals(id, two.schedule().name());
      assertEquals(2, two.ranks());
    }
  }
}
