package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An output in blocks learns the same on whichever stages they lie, and what a whole one learns.
 */
@Timeout(300)
class SplitOutputEqualityTest {
  private static final int LENGTH = 4;
  private static final int CLASSES = 11;
  private static final int BLOCKS = 4;
  private static final int BATCH = 8;
  private static final int ROWS = 18; // The last mini-batch has two rows, so two micro-batches.
  private static final int MICRO_BATCHES = 4;
  private static final int EPOCHS = 2;

  private static final Updater CLIPPING =
      Updater.adam(0.02).with(UpdateOptions.NONE.withClipNorm(0.1).withWarmUp(2));

  private static SoftmaxCrossEntropy weighing() {
    double[] classes = new double[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      classes[i] = i % 4 * 0.5;
    }
    return Losses.softmaxCrossEntropy().smoothed(0.1).weighted(classes);
  }

  private static Sequential rows(SoftmaxCrossEntropy loss) {
    return Sequential.input(LENGTH)
        .dense(8, Activation.TANH)
        .dropout(0.2)
        .dense(6)
        .dense(CLASSES)
        .loss(loss)
        .build();
  }

  private static Sequential sequences(SoftmaxCrossEntropy loss) {
    return Sequential.input(LENGTH)
        .embedding(CLASSES, 8)
        .positions(LENGTH)
        .transformerBlock(2, 16, true, 0.1)
        .layerNorm()
        .dense(CLASSES)
        .loss(loss)
        .build();
  }

  /** Rows with weights, and where they are sequences with padding. */
  private static LocalPipeline data(Sequential network, int count, long seed) {
    Random random = new Random(seed);
    boolean sequences = network.output().rank() > 1;
    int places = sequences ? LENGTH : 1;
    float[] features = new float[count * LENGTH];
    float[] labels = new float[count * places];
    float[] weights = new float[count];
    for (int i = 0; i < features.length; i++) {
      features[i] = sequences ? random.nextInt(CLASSES) : (float) random.nextGaussian();
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = sequences && random.nextInt(4) == 0 ? -1 : random.nextInt(CLASSES);
    }
    for (int i = 0; i < count; i++) {
      weights[i] = random.nextInt(3) * 0.75f;
    }
    return new LocalPipeline(
        SplitOutput.inTraining(network),
        Nd4j.create(features, new long[] {count, LENGTH}, 'c'),
        Nd4j.create(labels, new long[] {count, places}, 'c'),
        weights);
  }

  private record Found(List<RankResult> ranks, List<Validation> epochs) {}

  private static Found run(LocalPipeline rows, TrainingPlan plan, InitialState initial)
      throws Exception {
    Queue<EpochReport> reports = new ConcurrentLinkedQueue<>();
    Sequential network = rows.network();
    LocalPipeline held = data(network, 7, 4);
    List<RankResult> ranks = rows.run(plan, Optional.of(held), initial, reports::add);
    return new Found(
        ranks, reports.stream().map(EpochReport::validation).filter(Objects::nonNull).toList());
  }

  private static TrainingPlan plan(
      Sequential network, Schedule schedule, Recomputation recomputation, List<Integer> starts) {
    return plan(network, CLIPPING, schedule, recomputation, starts);
  }

  private static TrainingPlan plan(
      Sequential network,
      Updater updater,
      Schedule schedule,
      Recomputation recomputation,
      List<Integer> starts) {
    return new TrainingPlan(
        network.toWire(),
        updater.toJson(),
        starts,
        TrainingPlan.lowerAndVerify(schedule, recomputation),
        BATCH,
        EPOCHS,
        7);
  }

  /** Cuts with the blocks over one stage, two, three and four, as far as there are so many. */
  private static List<List<Integer>> cuts(Sequential split, int stages) {
    int front = split.layers().size() - BLOCKS;
    List<List<Integer>> all = new ArrayList<>();
    for (int spread = Math.max(1, stages - front); spread <= Math.min(BLOCKS, stages); spread++) {
      List<Integer> starts = new ArrayList<>();
      for (int stage = 0; stage < stages - spread; stage++) {
        starts.add(stage * front / (stages - spread));
      }
      for (int stage = 0; stage < spread; stage++) {
        starts.add(front + stage * BLOCKS / spread);
      }
      starts.set(0, 0);
      all.add(starts);
    }
    return all;
  }

  private static void assertSame(Found one, Found other, String what) {
    assertArrayEquals(
        LocalPipeline.losses(one.ranks()), LocalPipeline.losses(other.ranks()), 0, what);
    LocalPipeline.assertSameWeights(one.ranks(), other.ranks(), what);
    assertEquals(one.epochs(), other.epochs(), what);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cutsSchedulesAndRecomputationChangeNoBit(boolean sequences) throws Exception {
    Sequential whole = sequences ? sequences(weighing()) : rows(weighing());
    Sequential network = SplitOutput.split(whole, BLOCKS);
    LocalPipeline rows = data(network, ROWS, 3);
    Schedule alone = Schedules.generate("gpipe", 1, MICRO_BATCHES);
    Found one = run(rows, plan(network, alone, Recomputation.NEVER, List.of(0)), InitialState.BORN);
    assertEquals(EPOCHS, one.epochs().size());
    for (String id : Schedules.ids()) {
      int most = id.equals("dualpipe-v") ? MICRO_BATCHES / 2 : BLOCKS; // which takes two a rank
      for (int ranks = 2; ranks <= most; ranks++) {
        Schedule schedule = Schedules.generate(id, ranks, MICRO_BATCHES);
        if (schedule.isForwardOnly() || schedule.stages() > network.layers().size()) {
          continue;
        }
        for (List<Integer> cut : cuts(network, schedule.stages())) {
          Recomputation recomputation =
              cut.size() % 2 == 0 ? Recomputation.NEVER : Recomputation.ALWAYS;
          TrainingPlan plan = plan(network, schedule, recomputation, cut);
          Found some = run(rows, plan, InitialState.BORN);
          assertSame(one, some, schedule.name() + ", " + cut + ", " + recomputation);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void replicasAndSocketsChangeNoBit(boolean sequences) throws Exception {
    Sequential whole = sequences ? sequences(weighing()) : rows(weighing());
    Sequential network = SplitOutput.split(whole, BLOCKS);
    LocalPipeline rows = data(network, ROWS, 3);
    Schedule alone = Schedules.generate("gpipe", 1, MICRO_BATCHES);
    Found one =
        run(
            rows,
            plan(network, alone, Recomputation.NEVER, List.of(0))
                .withReplication(Replication.groups(2)),
            InitialState.BORN);
    for (String id : List.of("gpipe", "1f1b", "zb-h1", "zb-v", "interleaved")) {
      Schedule share = Schedules.generate(ScheduleRequest.of(id, 2, MICRO_BATCHES / 2));
      for (List<Integer> cut : cuts(network, share.stages())) {
        TrainingPlan plan =
            plan(network, share, Recomputation.ALWAYS, cut)
                .withReplication(Replication.of(2).withShardedOptimizer(cut.size() == 2));
        assertSame(one, run(rows.overSockets(), plan, InitialState.BORN), id + ", " + cut);
      }
    }
  }

  /**
   * With the same weights to begin with, to rounding, over some steps. By plain steps: Adam makes
   * much of the rounding of a gradient that should be 0.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itLearnsWhatAWholeOutputLearns(boolean sequences) throws Exception {
    Sequential whole = sequences ? sequences(weighing()) : rows(weighing());
    Sequential network = SplitOutput.split(whole, BLOCKS);
    int last = whole.layers().size() - 1;
    Map<Integer, float[]> begun = new HashMap<>();
    for (int layer = 0; layer <= last; layer++) {
      begun.put(layer, InitialState.BORN.parameters(whole, layer, 7).values());
    }
    Map<Integer, float[]> parted = new HashMap<>(begun);
    parted.putAll(blocks(begun.get(last), network, last));
    Schedule schedule = Schedules.generate("1f1b", 2, MICRO_BATCHES);
    Updater steps = Updater.sgd(0.1);
    Found expected =
        run(
            data(whole, ROWS, 3),
            plan(whole, steps, schedule, Recomputation.NEVER, List.of(0, 2)),
            new InitialWeights(NetworkWeights.inMemory(begun)));
    Found actual =
        run(
            data(network, ROWS, 3),
            plan(network, steps, schedule, Recomputation.NEVER, List.of(0, last + 1)),
            new InitialWeights(NetworkWeights.inMemory(parted)));
    assertArrayEquals(
        LocalPipeline.losses(expected.ranks()), LocalPipeline.losses(actual.ranks()), 1e-5);
    Map<Integer, float[]> learnt = LocalPipeline.weights(actual.ranks());
    Map<Integer, float[]> wanted = new HashMap<>(LocalPipeline.weights(expected.ranks()));
    wanted.putAll(blocks(wanted.get(last), network, last));
    assertEquals(wanted.keySet(), learnt.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, learnt.get(layer), 1e-5f));
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      Validation is = actual.epochs().get(epoch);
      assertEquals(expected.epochs().get(epoch).loss(), is.loss(), 1e-4);
      assertEquals(expected.epochs().get(epoch).value(), is.value(), 1e-6);
      assertEquals(expected.epochs().get(epoch).metric(), is.metric());
    }
  }

  /** The columns of a dense layer's weights lie one behind the other, and the bias behind them. */
  private static Map<Integer, float[]> blocks(float[] whole, Sequential network, int first) {
    Map<Integer, float[]> parted = new HashMap<>();
    int inner = whole.length / CLASSES - 1;
    int from = 0;
    for (int layer = first; layer < network.layers().size(); layer++) {
      int columns = (int) network.parameters(layer).get(1).size();
      float[] own = new float[columns * (inner + 1)];
      System.arraycopy(whole, from * inner, own, 0, columns * inner);
      System.arraycopy(whole, CLASSES * inner + from, own, columns * inner, columns);
      parted.put(layer, own);
      from += columns;
    }
    return parted;
  }

  @Test
  void aLabelOfNoClassEndsTheRunWithItsName() throws Exception {
    Sequential network = SplitOutput.split(rows(Losses.softmaxCrossEntropy()), BLOCKS);
    LocalPipeline rows = data(network, ROWS, 3);
    INDArray labels = rows.labels().dup();
    labels.putScalar(2, 0, CLASSES);
    LocalPipeline wrong = new LocalPipeline(rows.network(), rows.features(), labels);
    Schedule schedule = Schedules.generate("1f1b", 2, MICRO_BATCHES);
    TrainingPlan plan = plan(network, schedule, Recomputation.NEVER, List.of(0, 5));
    String message =
        assertThrows(ExecutionException.class, () -> wrong.run(plan)).getCause().getMessage();
    assertTrue(message.contains("no class id") && message.contains("0 to 10"), message);
  }

  @Test
  void logitsOfTenThousandAreTrainedOnWithoutABadNumber() throws Exception {
    Sequential network = SplitOutput.split(rows(Losses.softmaxCrossEntropy()), BLOCKS);
    int first = network.layers().size() - BLOCKS;
    Map<Integer, float[]> begun = new HashMap<>();
    for (int layer = first; layer < network.layers().size(); layer++) {
      float[] own = InitialState.BORN.parameters(network, layer, 7).values();
      for (int i = own.length - (int) network.parameters(layer).get(1).size();
          i < own.length;
          i++) {
        own[i] = (i + layer) % 2 == 0 ? 1e4f : -1e4f;
      }
      begun.put(layer, own);
    }
    Schedule schedule = Schedules.generate("1f1b", 3, MICRO_BATCHES);
    Found found =
        run(
            data(network, ROWS, 3),
            plan(network, schedule, Recomputation.NEVER, List.of(0, first + 1, first + 3)),
            new InitialWeights(NetworkWeights.inMemory(begun)));
    for (double loss : LocalPipeline.losses(found.ranks())) {
      assertTrue(Double.isFinite(loss) && loss < 2.1e4, "loss " + loss);
    }
  }

  /** A block's logits do not leave it, so that it has to show them. */
  @Test
  void logitsThatOverflowEndTheRunWithTheirBlockOnAnyCut() {
    Sequential network = SplitOutput.split(rows(Losses.softmaxCrossEntropy()), BLOCKS);
    int first = network.layers().size() - BLOCKS;
    float[] own = InitialState.BORN.parameters(network, first + 2, 7).values();
    own[own.length - 1] = Float.NEGATIVE_INFINITY; // a bias: its class is never likely
    InitialState initial = new InitialWeights(NetworkWeights.inMemory(Map.of(first + 2, own)));
    Set<String> told = new HashSet<>();
    for (List<Integer> cut : List.of(List.of(0), List.of(0, first + 2), List.of(0, 2, first + 1))) {
      Schedule schedule = Schedules.generate("1f1b", cut.size(), MICRO_BATCHES);
      TrainingPlan plan = plan(network, schedule, Recomputation.NEVER, cut);
      Throwable cause =
          assertThrows(ExecutionException.class, () -> run(data(network, ROWS, 3), plan, initial))
              .getCause();
      assertInstanceOf(DivergedException.class, cause);
      told.add(cause.getMessage());
    }
    String message = told.iterator().next();
    assertEquals(1, told.size(), told.toString());
    assertTrue(message.contains("layer " + (first + 2) + ", LossBlock["), message);
    assertTrue(message.contains("what comes to the softmax of its classes"), message);
  }
}
