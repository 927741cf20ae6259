package io.penstock.launch.job;

import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.CutSchedule;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.RecomputePolicy;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.Replication;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Plans of random networks, cuts and schedules that fill executors.
 *
 * @param networks which networks
 * @param ranks how many executors there are
 * @param limit bytes of each
 */
record RandomPlans(RandomNetworks networks, Random random, int ranks, long limit) {
  private static final int MOST_BATCH = 1 << 17;

  /** A plan of as many rows as fit, by the count of its memory. */
  record Filled(TrainingPlan plan, boolean validates, boolean writesCheckpoints) {
    long needed() {
      return NativeMemory.needed(plan, validates, writesCheckpoints);
    }

    /** The network as it is described. */
    Sequential network() {
      return Sequential.fromWire(plan.networkJson());
    }

    private Filled withBatch(int rows) {
      return new Filled(
          new TrainingPlan(
              plan.networkJson(),
              plan.updaterJson(),
              plan.stageStarts(),
              plan.schedule(),
              rows,
              plan.epochs(),
              plan.seed(),
              plan.stopping(),
              plan.linkPrecision(),
              plan.computePrecision(),
              plan.badNumbers(),
              plan.replication(),
              plan.retention()),
          validates,
          writesCheckpoints);
    }

    String words() {
      return plan.words()
          + ", batch "
          + plan.batchSize()
          + (validates ? ", validates" : "")
          + (writesCheckpoints ? ", checkpoints" : "")
          + ", "
          + plan.replication()
          + ", links of "
          + plan.linkPrecision()
          + ", "
          + network().layers();
    }
  }

  /** Returns one; empty if what was drawn cannot be. */
  Optional<Filled> next() {
    Sequential network = networks.next(random);
    Updater plain = random.nextBoolean() ? Updater.adam(1e-4) : Updater.sgd(1e-4);
    Updater updater =
        random.nextInt(5) == 0 ? plain.with(UpdateOptions.NONE.withClipNorm(1)) : plain;
    int pipeline = 1 + random.nextInt(ranks);
    int replicas = random.nextInt(3) == 0 ? ranks / pipeline : 1;
    int microBatches = RandomNetworks.any(random, 1, 2, 3, 4, 6, 8);
    try {
      CutSchedule cut = cut(network, updater, stages(pipeline, microBatches));
      TrainingPlan plan =
          new TrainingPlan(
                  network.toWire(),
                  updater.toJson(),
                  cut.cut().starts(),
                  TrainingPlan.lowerAndVerify(cut.schedule()),
                  1,
                  2,
                  7)
              .withReplication(replication(replicas, microBatches));
      List<Retention> choices = Retention.choices(plan, network);
      boolean lets = random.nextInt(3) == 0;
      Retention retention = lets ? choices.get(random.nextInt(choices.size())) : Retention.ALL;
      boolean validates = random.nextInt(4) == 0;
      boolean writesCheckpoints = random.nextInt(6) == 0;
      LinkPrecision precision =
          random.nextInt(4) == 0
              ? LinkPrecision.values()[random.nextInt(LinkPrecision.values().length)]
              : LinkPrecision.FLOAT32;
      return filled(
          new Filled(
              plan.withRetention(retention).withLinkPrecision(precision),
              validates,
              writesCheckpoints));
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  private Schedule stages(int pipeline, int microBatches) {
    List<String> ids = Schedules.trainingIds();
    ScheduleRequest request =
        ScheduleRequest.of(ids.get(random.nextInt(ids.size())), pipeline, microBatches);
    return WeightGradientOrder.order(
        Schedules.generate(
            random.nextInt(4) == 0 ? request.withVirtualStages(1 + random.nextInt(2)) : request));
  }

  private CutSchedule cut(Sequential network, Updater updater, Schedule stages) {
    int layers = network.layers().size();
    List<Integer> others = new ArrayList<>(IntStream.range(1, layers).boxed().toList());
    Collections.shuffle(others, random);
    int more = Math.min(stages.stages() - 1, others.size()); // too few are refused
    TreeSet<Integer> starts = new TreeSet<>(others.subList(0, more));
    starts.add(0);
    RecomputePolicy policy =
        random.nextBoolean()
            ? RecomputePolicy.NEVER
            : RecomputePolicy.values()[random.nextInt(RecomputePolicy.values().length)];
    boolean offload = policy != RecomputePolicy.NEVER && random.nextInt(3) == 0;
    return policy.cut(
        stages,
        LayerCosts.estimated(network, 32, updater),
        Optional.of(new Cut(List.copyOf(starts), layers)),
        CutConstraints.UNLIMITED,
        offload);
  }

  private Replication replication(int replicas, int microBatches) {
    if (replicas > 1) {
      return Replication.of(replicas).withShardedOptimizer(random.nextBoolean());
    }
    return microBatches > 1 && random.nextInt(6) == 0 ? Replication.groups(2) : Replication.NONE;
  }

  /** Returns the plan with as many rows as fit; empty if hardly any do. */
  private Optional<Filled> filled(Filled plan) {
    int low = 2 * plan.plan().microBatches();
    int high = MOST_BATCH;
    if (plan.withBatch(low).needed() > limit) {
      return Optional.empty();
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (plan.withBatch(middle).needed() <= limit) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Optional.of(plan.withBatch(low)).filter(one -> one.needed() > limit / 100 * 99);
  }
}
