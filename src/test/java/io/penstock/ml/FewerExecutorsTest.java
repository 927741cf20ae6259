package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Costs;
import io.penstock.schedule.OrderSearch;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.util.Collections;
import java.util.List;
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
    return new FewerExecutors(plan, NETWORK, Recomputation.NEVER, 1L << 30).on(2);
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
