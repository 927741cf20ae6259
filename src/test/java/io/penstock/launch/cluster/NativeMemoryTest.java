package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.job.SmallRun;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Segmentation;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.Replication;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  private static final long MIB = 1 << 20;

  /** Mini-batches of 30 rows in 4 micro-batches: 8 rows at most. */
  private static final long ROWS = 8;

  private static final Schedule GPIPE = Schedules.generate("gpipe", 1, 4);

  /** Numbers of a row that the layers of {@link SmallRun} put out; gradients are as many. */
  private static final long OUTPUTS = 8 + 8 + 6 + 6 + 3;

  /** Ones that rows are added up with. */
  private static final long ONES = ROWS;

  /** What a plan needs besides what every rank does. */
  private static long needed(TrainingPlan plan) {
    return NativeMemory.needed(plan) - PlanMemory.BASE;
  }

  @Test
  void neededIsTheLargestRanks() {
    // dense 4×8, relu: 40 parameters and gradients; input of 4 and two outputs of 8. Under 1F1B the
    // first of three ranks keeps three micro-batches and the gradients of one, and of two others
    // the second rank may not have used the outputs yet.
    long first = 2 * 40 + ROWS * (3 * (4 + 8 + 8) + (8 + 8) + 2 * 8);
    assertEquals(4 * (first + ONES), needed(SmallRun.plan(3, 1, Updater.sgd(0.1))));
  }

  @Test
  void validationKeepsTheBestWeights() {
    TrainingPlan plan = SmallRun.plan(3, 1, Updater.sgd(0.1));
    assertEquals(
        4 * 40, NativeMemory.needed(plan, true, false) - NativeMemory.needed(plan, false, false));
  }

  @Test
  void gpipeKeepsEveryMicroBatchAndTheGradientsOfOne() {
    TrainingPlan plan = SmallRun.plan(List.of(0), GPIPE, 1, Updater.sgd(0.1));
    long parameters = 40 + 54 + 21;
    long activations = ROWS * (4 * (4 + OUTPUTS) + OUTPUTS + 1); // and a label
    assertEquals(4 * (2 * parameters + activations + ONES), needed(plan));
  }

  @Test
  void oneStageHoldsEverything() {
    long parameters = 40 + 54 + 21;
    long activations = ROWS * (4 + 2 * OUTPUTS + 1);
    assertEquals(4 * (2 * parameters + activations + ONES), needed(Updater.sgd(0.1)));
  }

  @Test
  void largeLayersKeepTwoPackedCopiesAndTheFirstOne() {
    int width = 256;
    long one = 4L * width + width;
    long two = (long) width * width + width;
    long three = 3L * width + 3;
    long activations = ROWS * (4 + 2 * (4 * width + 3) + 1);
    long packed = needed(wide(width)) - 4 * (2 * (one + two + three) + activations + ONES);
    assertEquals(4 * (one + 2 * two), packed, "of three outputs too few are computed");
  }

  /** One stage of a network of two hidden layers. */
  private static TrainingPlan wide(int width) {
    return new TrainingPlan(
        Sequential.perceptron(4, width, width, 3).toJson(),
        Updater.sgd(0.1).toJson(),
        List.of(0),
        TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 1, 4)),
        SmallRun.ROWS / SmallRun.STEPS,
        1,
        7);
  }

  @Test
  void replicasHoldGradientsThatTravelAndMayShareTheOptimizersState() {
    Schedule schedule = Schedules.generate("1f1b", 1, 4);
    TrainingPlan one = SmallRun.plan(List.of(0), schedule, 1, Updater.adam(0.1));
    long parameters = 40 + 54 + 21;
    long groups = needed(one.withReplication(Replication.groups(2)));
    assertEquals(4 * parameters, groups - needed(one));
    // As many micro-batches for each, of half as many rows.
    long alone = needed(one) - 4 * (ROWS / 2) * (4 + 2 * OUTPUTS + 1) - 4 * ONES / 2;
    TrainingPlan two = one.withReplication(Replication.of(2));
    long whole = needed(two);
    // The other's half of every layer, or a number more; all sums; and a half that is being added.
    assertEquals(4 * (parameters / 2.0 + 5 + parameters + 54 / 2), whole - alone);
    long shared = needed(one.withReplication(Replication.of(2).withShardedOptimizer(true)));
    // Those of 40 and 21 against the layer of 54, of which Adam keeps two numbers: the other's
    // gradients of the two, and all sums or weights; a layer, the largest, is being added whole.
    long kept = 2 * (40 + 21) - 2 * parameters;
    assertEquals(4 * (kept + (40 + 21) + parameters + 54), shared - alone);
  }

  @Test
  void adamKeepsTwoMoreNumbersForAParameter() {
    long parameters = 40 + 54 + 21;
    assertEquals(2 * 4 * parameters, needed(Updater.adam(0.1)) - needed(Updater.sgd(0.1)));
  }

  @Test
  void oneGradientAtATimeIsTheLargestAndKeepsAllActivations() {
    TrainingPlan plan = SmallRun.plan(List.of(0), GPIPE, 1, Updater.sgd(0.1));
    TrainingPlan last = plan.withRetention(new Retention(true, false));
    // All micro-batches are kept as it is, and their gradients now, beside those of weights.
    assertEquals(
        4 * (40 + 21 - 3 * ROWS * (OUTPUTS + 1)), needed(plan) - needed(last), "of 40 + 54 + 21");
    TrainingPlan early =
        SmallRun.plan(List.of(0), Schedules.generate("1f1b", 1, 4), 1, Updater.sgd(0.1));
    assertEquals(
        NativeMemory.needed(last),
        NativeMemory.needed(early.withRetention(new Retention(true, false))));
  }

  @Test
  void onePackedCopyAtATimeIsTheLargest() {
    int width = 256;
    long all = NativeMemory.needed(wide(width));
    long none = NativeMemory.needed(wide(width).withRetention(new Retention(false, true)));
    assertEquals(4 * (4L * width + width + (long) width * width + width), all - none);
  }

  /** Also where some ranks have more segments than others. */
  @Test
  void segmentsOfARankTakeOneRoomInTurn() {
    Retention none = new Retention(false, false);
    int width = 256;
    TrainingPlan whole = wide(width).withRetention(none);
    Schedule stage = Schedules.generate("1f1b", 1, 4);
    TrainingPlan segments =
        whole
            .recut(
                List.of(0, 2, 4),
                TrainingPlan.lowerAndVerify(Segmentation.even(1, 3, false).in(stage)))
            .withRetention(none);
    long inputs = 4 * ROWS * 2 * width;
    // Their gradients are kept as well, for the weight gradients are done last.
    assertEquals(2 * inputs * 4, needed(segments) - needed(whole));
  }

  @Test
  void ranksRetainTheMostThatFits() {
    TrainingPlan plan = wide(2048);
    List<Retention> choices = Retention.choices(plan, plan.network());
    assertEquals(4, choices.size());
    for (int fits = 0; fits < choices.size(); fits++) {
      long needed = NativeMemory.needed(plan.withRetention(choices.get(fits)));
      Retention first =
          choices.stream()
              .filter(one -> NativeMemory.needed(plan.withRetention(one)) <= roundedUp(needed))
              .findFirst()
              .orElseThrow();
      TrainingPlan fitted = fitted(plan, needed);
      assertEquals(first, fitted.retention());
    }
    TrainingPlan fitted = plan.withRetention(choices.get(1));
    assertEquals(fitted, fitted(fitted, 1 << 30), "what was fitted stays");
    long least =
        choices.stream()
            .mapToLong(one -> NativeMemory.needed(plan.withRetention(one)))
            .min()
            .orElseThrow();
    assertEquals(least, NativeMemory.needed(fitted(plan, 0)), "to be refused with what would do");
    assertEquals(Retention.ALL, fitted(plan, 1 << 30).retention());
  }

  private static TrainingPlan fitted(TrainingPlan plan, long bytes) {
    SparkConf conf = new SparkConf(false).set("spark.master", "spark://here:7077");
    conf.set("spark.executor.memoryOverhead", roundedUp(bytes) / MIB + "m");
    return NativeMemory.fitted(conf, plan, false, false);
  }

  private static long roundedUp(long bytes) {
    return NativeMemory.mebibytes(bytes) * MIB;
  }

  @Test
  void rowsLeaveTheStageItsMemory() {
    SparkConf conf = new SparkConf(false).set("spark.master", "spark://here:7077");
    conf.set("spark.executor.memoryOverhead", "500m").set("spark.penstock.feed.memory", "200m");
    assertEquals(200 * MIB, NativeMemory.forRows(conf, 100 * MIB));
    assertEquals(100 * MIB, NativeMemory.forRows(conf, 300 * MIB));
    assertEquals(0, NativeMemory.forRows(conf, 501 * MIB));
    conf.set("spark.master", "local[2]");
    assertEquals(200 * MIB, NativeMemory.forRows(conf, Long.MAX_VALUE));
  }

  @Test
  void localClusterIsNotLocal() {
    assertTrue(NativeMemory.isLocal(new SparkConf(false).set("spark.master", "local")));
    assertTrue(NativeMemory.isLocal(new SparkConf(false).set("spark.master", "local[*]")));
    assertFalse(
        NativeMemory.isLocal(new SparkConf(false).set("spark.master", "local-cluster[2,1,1024]")));
  }

  private static long needed(Updater updater) {
    return needed(SmallRun.plan(1, 1, updater));
  }
}
