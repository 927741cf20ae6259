package io.penstock.train;

import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Segmentation;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.nd4j.linalg.learning.config.AdaDelta;

/** Small runs of one network, of which there is one for every way to run it. */
final class WaysToRun {
  private WaysToRun() {}

  /** Every way to run one. */
  static Stream<DeviceCase> all() {
    DeviceCase plain = DeviceCase.numbers("plain", DeviceCase.MIXED);
    Updater adam = Updater.adam(0.02);
    Updater clipping = adam.with(UpdateOptions.NONE.withClipNorm(0.1).withWeightDecay(0.01));
    Schedule zb = Schedules.generate("zb-h1", 2, DeviceCase.MICRO_BATCHES);
    TrainingPlan weighted = plain.plan();
    float[] weights = new float[DeviceCase.ROWS];
    for (int row = 0; row < DeviceCase.ROWS; row++) {
      weights[row] = row % 4 == 0 ? 0 : row / 3f;
    }
    LocalPipeline rows = plain.rows();
    LocalPipeline counted =
        new LocalPipeline(DeviceCase.MIXED, rows.features(), rows.labels(), weights);
    Blast.Sequel forward =
        new Blast(Blast.Way.FORWARD, step -> step == 1, 0, Double.NaN).before(DeviceCase.MIXED, 4);
    Blast.Sequel backward =
        new Blast(Blast.Way.BACKWARD, step -> step == 2, 1, Double.NaN).before(DeviceCase.MIXED, 5);
    Schedule half = Schedules.generate("1f1b", 2, DeviceCase.MICRO_BATCHES / 2);
    TrainingPlan segments =
        DeviceCase.plan(DeviceCase.MIXED, segmented(zb), adam, List.of(0, 2, 5, 6));
    TrainingPlan validated = plain.plan().stopping(new EarlyStopping(1, 0));
    return Stream.of(
        new DeviceCase("sample weights", counted, Optional.empty(), weighted),
        plain.with("clipping, weight decay", DeviceCase.plan(DeviceCase.MIXED, zb, clipping)),
        plain.with(
            "an optimizer of ND4J's",
            DeviceCase.plan(
                DeviceCase.MIXED,
                zb,
                Updater.of(new AdaDelta()).with(UpdateOptions.NONE.withClipValue(0.05)))),
        new DeviceCase("validation, early stopping", rows, Optional.of(rows), validated),
        skipping("a step skipped forward", forward.network(), rows),
        skipping("a step skipped backward", backward.network(), rows),
        plain.with("groups", plain.plan().withReplication(Replication.groups(2))),
        plain.with(
            "replicas",
            DeviceCase.plan(DeviceCase.MIXED, half, clipping).withReplication(Replication.of(2))),
        plain.with(
            "sharded optimizer",
            DeviceCase.plan(DeviceCase.MIXED, half, clipping)
                .withReplication(Replication.of(2).withShardedOptimizer(true))),
        plain.with(
            "recomputation", DeviceCase.plan(DeviceCase.MIXED, Recomputation.ALWAYS.in(zb), adam)),
        plain.with("segments recomputed", segments),
        plain.with(
            "offload", segments.recut(segments.stageStarts(), Offloading.in(segments.schedule()))),
        unretained(),
        plain.with("bfloat16 links", plain.plan().withLinkPrecision(LinkPrecision.BFLOAT16)),
        plain.with("float16 links", plain.plan().withLinkPrecision(LinkPrecision.FLOAT16)),
        new DeviceCase("sockets", rows.overSockets(), Optional.empty(), plain.plan()));
  }

  /** Of layers that share no weights: those know their gradients one by one. */
  private static DeviceCase unretained() {
    DeviceCase own =
        DeviceCase.numbers(
            "nothing retained", DeviceCase.networks().findFirst().orElseThrow().rows().network());
    return own.with(own.name(), own.plan().withRetention(new Retention(false, false)));
  }

  /** Two segments a stage, the first of which is done again. */
  private static Schedule segmented(Schedule schedule) {
    return new Segmentation(List.of(List.of(true, false), List.of(true, false)))
        .in(WeightGradientOrder.order(schedule));
  }

  private static DeviceCase skipping(String name, Sequential network, LocalPipeline rows) {
    Schedule schedule = Schedules.generate("1f1b", 2, DeviceCase.MICRO_BATCHES);
    TrainingPlan plan =
        DeviceCase.plan(network, schedule, Updater.adam(0.02)).withBadNumbers(BadNumbers.SKIP);
    LocalPipeline same = new LocalPipeline(network, rows.features(), rows.labels());
    return new DeviceCase(name, same, Optional.empty(), plan);
  }
}
