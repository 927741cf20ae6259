package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import io.penstock.compute.Workspace;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.NotFinite;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Steps with bad numbers are skipped by all ranks alike, and leave no trace in what is learnt. */
@Timeout(300)
class StepSkippingTest {
  private static final int ROWS = 24;
  private static final int BATCH = 8;
  private static final int MICRO_BATCHES = 4;
  private static final int EPOCHS = 2;

  /** Statistics, dropout, a skip connection and shared weights, which all must stay as they are. */
  private static final Sequential NETWORK =
      Sequential.input(8)
          .dense(8, Activation.TANH)
          .save("a")
          .batchNorm()
          .dense(8, Activation.RELU)
          .dropout(0.2)
          .addSaved("a")
          .tiedDense(0, 8)
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  /** The second step of the first epoch and the first of the second. */
  private static final LongPredicate SOME = step -> step == 1 || step == 3;

  private static final LongPredicate ALL = step -> true;

  /** What a run ends with and tells on its way. */
  private record Run(List<RankResult> ranks, List<SkippedStep> skipped, List<EpochReport> epochs) {
    List<String> told() {
      return skipped.stream().map(step -> step.epoch() + ": " + step.text()).toList();
    }

    double weightOf(int epoch) {
      return epochs.stream()
          .filter(report -> report.epoch() == epoch)
          .mapToDouble(EpochReport::weight)
          .sum();
    }
  }

  private static LocalPipeline pipeline(Sequential network, int rows) {
    Random random = new Random(3);
    INDArray features = Nd4j.create(rows, network.input().size());
    INDArray labels = Nd4j.create(rows, 1);
    for (int row = 0; row < rows; row++) {
      labels.putScalar(row, 0, random.nextInt(3));
      for (int i = 0; i < features.size(1); i++) {
        features.putScalar(row, i, random.nextGaussian());
      }
    }
    return new LocalPipeline(network, features, labels);
  }

  private static TrainingPlan plan(Schedule schedule, List<Integer> starts, Updater updater) {
    return plan(schedule, Recomputation.NEVER, starts, updater, EPOCHS);
  }

  private static TrainingPlan plan(
      Schedule schedule,
      Recomputation recomputation,
      List<Integer> starts,
      Updater updater,
      int epochs) {
    return new TrainingPlan(
            "",
            updater.toJson(),
            starts,
            TrainingPlan.lowerAndVerify(schedule, recomputation),
            BATCH,
            epochs,
            7)
        .withBadNumbers(BadNumbers.SKIP);
  }

  private static Run run(LocalPipeline pipeline, TrainingPlan plan) throws Exception {
    return run(pipeline, Optional.empty(), plan, new ConcurrentLinkedQueue<>());
  }

  private static Run run(
      LocalPipeline pipeline,
      Optional<LocalPipeline> validation,
      TrainingPlan plan,
      ConcurrentLinkedQueue<SkippedStep> skipped)
      throws Exception {
    ConcurrentLinkedQueue<EpochReport> epochs = new ConcurrentLinkedQueue<>();
    Progress progress =
        new Progress() {
          @Override
          public void stepSkipped(SkippedStep step) {
            skipped.add(step);
          }

          @Override
          public void epochDone(EpochReport report) {
            epochs.add(report);
          }
        };
    List<RankResult> ranks = pipeline.run(plan, validation, InitialWeights.BORN, progress);
    return new Run(ranks, List.copyOf(skipped), List.copyOf(epochs));
  }

  private static Run alone(LocalPipeline pipeline, Updater updater) throws Exception {
    return run(pipeline, plan(Schedules.generate("gpipe", 1, MICRO_BATCHES), List.of(0), updater));
  }

  private static void assertSame(Run expected, Run actual, String what) {
    assertArrayEquals(
        LocalPipeline.losses(expected.ranks), LocalPipeline.losses(actual.ranks), 0, what);
    LocalPipeline.assertSameWeights(expected.ranks, actual.ranks, what);
    assertEquals(expected.told(), actual.told(), what);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      assertEquals(expected.weightOf(epoch), actual.weightOf(epoch), what);
    }
  }

  private static List<Schedule> schedules(int ranks) {
    return Schedules.ids().stream()
        .filter(id -> ranks < 3 || !id.equals("dualpipe-v")) // takes more micro-batches
        .map(id -> Schedules.generate(id, ranks, MICRO_BATCHES))
        .filter(schedule -> !schedule.isForwardOnly())
        .toList();
  }

  /** Every cut into that many stages, with an edge on either side of the layer. */
  private static List<List<Integer>> cuts(int stages, int layer, int layers) {
    List<List<Integer>> cuts = new ArrayList<>();
    for (int edge : new int[] {layer, layer + 1}) {
      List<Integer> starts = new ArrayList<>(List.of(0, edge));
      for (int next = 1; starts.size() < stages; next++) {
        if (!starts.contains(next)) {
          starts.add(next);
        }
      }
      if (starts.stream().allMatch(start -> start < layers)) {
        cuts.add(starts.stream().sorted().toList());
      }
    }
    return cuts;
  }

  static Stream<Blast> blasts() {
    return Stream.of(
        new Blast(Blast.Way.FORWARD, SOME, 0, Double.NaN),
        new Blast(Blast.Way.BACKWARD, SOME, 2, Double.NEGATIVE_INFINITY),
        new Blast(Blast.Way.BACKWARD_OF_ZEROS, SOME, 3, Double.NaN));
  }

  @ParameterizedTest
  @MethodSource("blasts")
  @Tag("slow")
  void everyScheduleAndCutSkipsTheSameSteps(Blast blast) throws Exception {
    // Behind the tanh, the dropout, and the shared weights.
    boolean zeros = blast.way() == Blast.Way.BACKWARD_OF_ZEROS;
    for (int before : zeros ? new int[] {6} : new int[] {2, 7, 9}) {
      Blast.Sequel made = blast.before(NETWORK, before);
      LocalPipeline pipeline = pipeline(made.network(), ROWS);
      Updater updater = Updater.adam(0.01).with(UpdateOptions.NONE.withClipNorm(0.5));
      Run expected = alone(pipeline, updater);
      assertEquals(2, expected.skipped.size(), expected.told().toString());
      for (int ranks = 2; ranks <= 3; ranks++) {
        for (Schedule schedule : schedules(ranks)) {
          int layers = made.network().layers().size();
          for (List<Integer> cut : cuts(schedule.stages(), made.at(), layers)) {
            Run actual = run(pipeline, plan(schedule, cut, updater));
            assertSame(expected, actual, schedule.name() + ", stages begin at " + cut);
          }
        }
      }
    }
  }

  static Stream<LayerCase> cases() {
    return LayerCase.all();
  }

  /** Whatever a bad number does in it, forward or backward, on either side of an edge. */
  @ParameterizedTest
  @MethodSource("cases")
  @Tag("slow")
  void noLayerFailsOrHidesWhatIsBad(LayerCase one) throws Exception {
    Blast forward = new Blast(Blast.Way.FORWARD, SOME, 1, Double.NaN);
    Blast backward = new Blast(Blast.Way.BACKWARD, SOME, 1, Double.POSITIVE_INFINITY);
    if (one.layer().tokenIds().isEmpty()) {
      assertSkips(forward.before(one.network(), one.at()), true);
    }
    assertSkips(backward.before(one.network(), one.at() + 1), false);
  }

  private static void assertSkips(Blast.Sequel made, boolean ahead) throws Exception {
    LocalPipeline pipeline = tokens(made.network()).overSockets();
    Updater updater = Updater.adam(0.01);
    Run expected = alone(pipeline, updater);
    assertEquals(2, expected.skipped.size(), expected.told().toString());
    for (String id : List.of("1f1b", "zb-h2", "interleaved")) {
      Schedule schedule = Schedules.generate(id, 2, MICRO_BATCHES);
      int layers = made.network().layers().size();
      int edge = ahead ? made.at() : made.at() - 1;
      for (List<Integer> cut : cuts(schedule.stages(), edge, layers)) {
        Run actual = run(pipeline, plan(schedule, cut, updater));
        assertSame(expected, actual, made + ", " + schedule.name() + ", stages at " + cut);
      }
    }
  }

  /** Numbers that serve as tokens, as classes and as any other numbers. */
  private static LocalPipeline tokens(Sequential network) {
    Random random = new Random(5);
    INDArray ids = Nd4j.create(ROWS, LayerCase.LENGTH);
    INDArray classes = Nd4j.create(ROWS, 1);
    for (int row = 0; row < ROWS; row++) {
      classes.putScalar(row, 0, random.nextInt(LayerCase.CLASSES));
      for (int i = 0; i < LayerCase.LENGTH; i++) {
        ids.putScalar(row, i, random.nextInt(LayerCase.VOCABULARY));
      }
    }
    return new LocalPipeline(network, ids, classes);
  }

  /** By hand, on one device: weights, the optimizer's state and statistics stay as they were. */
  @Test
  void aSkippedStepIsAStepThatIsNotTaken() throws Exception {
    Blast.Sequel made = new Blast(Blast.Way.FORWARD, SOME, 1, Double.NaN).before(NETWORK, 2);
    for (Updater updater : List.of(Updater.adam(0.01), Updater.nesterovs(0.05, 0.9))) {
      LocalPipeline pipeline = pipeline(made.network(), ROWS);
      Run actual = alone(pipeline, updater);
      Map<Integer, float[]> expected = byHand(pipeline, updater);
      Map<Integer, float[]> weights = LocalPipeline.weights(actual.ranks);
      assertEquals(expected.keySet(), weights.keySet());
      expected.forEach(
          (layer, values) -> assertArrayEquals(values, weights.get(layer), "layer " + layer));
      double[] losses = LocalPipeline.losses(actual.ranks);
      for (int step = 0; step < losses.length; step++) {
        assertEquals(SOME.test(step), Double.isNaN(losses[step]), "step " + step);
      }
      assertEquals(ROWS - BATCH, actual.weightOf(0));
      double sum = actual.epochs.get(0).lossSum();
      assertEquals((losses[0] + losses[2]) * BATCH, sum, 1e-9);
    }
  }

  private static Map<Integer, float[]> byHand(LocalPipeline pipeline, Updater updater) {
    Sequential network = pipeline.network();
    int layers = network.layers().size();
    StageWeights weights = new StageWeights(network, 0, layers, updater, 7);
    Workspace pool = new Workspace();
    Stage stage = new Stage(network, 0, layers, weights, 7, true, pool);
    int rows = BATCH / MICRO_BATCHES;
    for (int step = 0; step < EPOCHS * ROWS / BATCH; step++) {
      if (SOME.test(step)) {
        continue;
      }
      int from = step * BATCH % ROWS;
      for (int i = 0; i < MICRO_BATCHES; i++) {
        INDArray input = part(pipeline.features(), from + i * rows, rows);
        INDArray output = stage.forward(step, i, loan(input), Map.of());
        INDArray wanted = part(pipeline.labels(), from + i * rows, rows);
        INDArray gradient = network.loss().gradient(output, wanted, 1.0 / BATCH);
        stage.inputGradient(i, loan(gradient), Map.of());
        stage.weightGradient(i);
      }
      stage.endMiniBatch();
      for (int layer = 0; layer < layers; layer++) {
        if (network.owner(layer) != layer) {
          weights.addGradient(network.owner(layer), weights.gradients(layer).flat());
        }
      }
      weights.update(step, step * BATCH / ROWS, new NumberWatch(network, null, pool), pool);
    }
    return TrainedLayers.RETURNED.take(weights.own());
  }

  private static INDArray part(INDArray rows, int from, int count) {
    return rows.get(NDArrayIndex.interval(from, from + count), NDArrayIndex.all()).dup('c');
  }

  private static Loan loan(INDArray array) {
    return Loan.of(array, back -> {});
  }

  /** Bad numbers go over links of 16 bits, and through forwards that are done twice, as others. */
  @ParameterizedTest
  @EnumSource(LinkPrecision.class)
  void narrowLinksAndSecondForwardsSkipTheSameSteps(LinkPrecision precision) throws Exception {
    for (Blast.Way way : List.of(Blast.Way.FORWARD, Blast.Way.BACKWARD)) {
      for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        Blast.Sequel made = new Blast(way, SOME, 1, number).before(NETWORK, 7);
        LocalPipeline pipeline = pipeline(made.network(), ROWS).overSockets();
        List<Integer> cut = List.of(0, 5, way == Blast.Way.FORWARD ? 8 : 7);
        for (String id : List.of("1f1b", "zb-h1")) {
          Schedule schedule = Schedules.generate(id, 3, MICRO_BATCHES);
          for (Recomputation twice : List.of(Recomputation.NEVER, Recomputation.ALWAYS)) {
            TrainingPlan plan = plan(schedule, twice, cut, Updater.adam(0.01), EPOCHS);
            Run run = run(pipeline, plan.withLinkPrecision(precision));
            assertEquals(2, run.skipped.size(), made + ": " + run.told());
            run.ranks.forEach(
                rank ->
                    rank.weights()
                        .forEach(
                            (layer, values) ->
                                assertTrue(NotFinite.in("", Nd4j.create(values)).isEmpty())));
          }
        }
      }
    }
  }

  @Test
  void whatALinkMakesInfiniteIsSkippedToo() throws Exception {
    Blast.Sequel made = new Blast(Blast.Way.FORWARD, SOME, 1, 1e6).before(NETWORK, 7);
    LocalPipeline pipeline = pipeline(made.network(), ROWS);
    Schedule schedule = Schedules.generate("1f1b", 2, MICRO_BATCHES);
    TrainingPlan plan = plan(schedule, List.of(0, 8), Updater.sgd(1e-9));
    assertEquals(List.of(), run(pipeline, plan).told());
    Run narrow = run(pipeline, plan.withLinkPrecision(LinkPrecision.FLOAT16));
    assertEquals(2, narrow.skipped.size());
    String told = narrow.told().get(0);
    assertTrue(told.contains("in micro-batch 2, the stage before: 1 of"), told);
  }

  /** A gradient that is finite, but that no optimizer that squares it could remember. */
  @Test
  void gradientsThatCannotBeSquaredAreSkippedUnlessTheyAreClipped() throws Exception {
    Blast.Sequel made = new Blast(Blast.Way.BACKWARD, SOME, 1, 1e30).before(NETWORK, 2);
    LocalPipeline pipeline = pipeline(made.network(), ROWS);
    Run expected = alone(pipeline, Updater.adam(0.01));
    assertEquals(2, expected.skipped.size());
    String told = expected.told().get(0);
    assertTrue(told.endsWith("the gradient is so large that its squares are infinite"), told);
    Schedule schedule = Schedules.generate("zb-h1", 3, MICRO_BATCHES);
    TrainingPlan plan = plan(schedule, List.of(0, 1, 5), Updater.adam(0.01));
    assertSame(expected, run(pipeline, plan), told);
    Updater clipped = Updater.adam(0.01).with(UpdateOptions.NONE.withClipNorm(1));
    assertEquals(List.of(), alone(pipeline, clipped).told());
  }

  @Test
  void theFirstBadNumberIsNamed() throws Exception {
    Blast.Sequel made = new Blast(Blast.Way.FORWARD, SOME, 2, Double.NaN).before(NETWORK, 5);
    Schedule schedule = Schedules.generate("1f1b", 3, MICRO_BATCHES);
    Run run = run(pipeline(made.network(), ROWS), plan(schedule, List.of(0, 3, 8), Updater.sgd(1)));
    assertEquals(
        List.of(
            "0: step 2 of 3 is skipped: in micro-batch 3, layer 5, Blast[FORWARD, NaN]: 1 of 16"
                + " numbers of the output are not finite, the first is NaN",
            "1: step 1 of 3 is skipped: in micro-batch 3, layer 5, Blast[FORWARD, NaN]: 1 of 16"
                + " numbers of the output are not finite, the first is NaN"),
        run.told());
    run.skipped.forEach(step -> assertEquals(1, step.rank()));
  }

  private static DivergedException ends(
      LocalPipeline pipeline,
      Optional<LocalPipeline> validation,
      TrainingPlan plan,
      ConcurrentLinkedQueue<SkippedStep> skipped) {
    ExecutionException thrown =
        assertThrows(ExecutionException.class, () -> run(pipeline, validation, plan, skipped));
    return assertInstanceOf(DivergedException.class, thrown.getCause());
  }

  @Test
  void asManyStepsInARowAsAnEpochHasEndTheRun() {
    for (Blast.Way way : List.of(Blast.Way.FORWARD, Blast.Way.BACKWARD)) {
      Blast.Sequel made = new Blast(way, step -> step > 1, 1, Double.NaN).before(NETWORK, 5);
      for (int ranks = 1; ranks <= 3; ranks++) {
        Schedule schedule = Schedules.generate("zb-h1", ranks, MICRO_BATCHES);
        List<Integer> cut = List.of(0, 3, 6).subList(0, ranks);
        TrainingPlan plan = plan(schedule, Recomputation.NEVER, cut, Updater.sgd(0.1), 9);
        ConcurrentLinkedQueue<SkippedStep> skipped = new ConcurrentLinkedQueue<>();
        DivergedException thrown =
            ends(pipeline(made.network(), ROWS), Optional.empty(), plan, skipped);
        assertEquals(3, skipped.size());
        assertEquals(1, thrown.epoch());
        assertEquals(1, thrown.step());
        assertEquals(1, thrown.microBatch());
        assertEquals(5, thrown.layer());
        String told = thrown.getMessage();
        assertTrue(told.contains("had 3 steps in a row skipped (onBadNumbers is skip)"), told);
      }
    }
  }

  @Test
  void anEpochOfOneStepThatIsSkippedEndsTheRun() {
    Blast.Sequel made = new Blast(Blast.Way.FORWARD, ALL, 0, Double.NaN).before(NETWORK, 5);
    TrainingPlan plan =
        plan(Schedules.generate("1f1b", 2, MICRO_BATCHES), List.of(0, 4), Updater.sgd(0.1));
    DivergedException thrown =
        ends(
            pipeline(made.network(), BATCH), Optional.empty(), plan, new ConcurrentLinkedQueue<>());
    assertTrue(thrown.getMessage().contains("had the only step of an epoch skipped"));
  }

  @Test
  void ofALongEpochAHundredStepsInARowEndTheRun() {
    Sequential network = Sequential.input(2).dense(3).loss(Losses.softmaxCrossEntropy()).build();
    Blast.Sequel made =
        new Blast(Blast.Way.FORWARD, step -> step != 30, 0, Double.NaN).before(network, 1);
    TrainingPlan plan =
        plan(Schedules.generate("1f1b", 2, MICRO_BATCHES), List.of(0, 1), Updater.sgd(0.1));
    ConcurrentLinkedQueue<SkippedStep> skipped = new ConcurrentLinkedQueue<>();
    LocalPipeline rows = pipeline(made.network(), 200 * BATCH);
    DivergedException thrown = ends(rows, Optional.empty(), plan, skipped);
    assertEquals(130, thrown.step());
    assertEquals(130, skipped.size());
  }

  /** There is no step to leave out: weights that are bad stay so, and rows come again. */
  @Test
  void weightsThatAnUpdateMakesBadAndValidationRowsEndTheRunInAnyCase() {
    Schedule schedule = Schedules.generate("1f1b", 2, MICRO_BATCHES);
    LocalPipeline rows = pipeline(NETWORK, ROWS);
    DivergedException updated =
        ends(
            rows,
            Optional.empty(),
            plan(schedule, List.of(0, 4), Updater.sgd(1e30)),
            new ConcurrentLinkedQueue<>());
    assertEquals(0, updated.step());
    assertEquals(-1, updated.microBatch());
    assertTrue(updated.getMessage().contains("after the update"), updated.getMessage());
    LocalPipeline large = new LocalPipeline(NETWORK, rows.features().mul(2e38), rows.labels());
    DivergedException validated =
        ends(
            rows,
            Optional.of(large),
            plan(schedule, List.of(0, 4), Updater.sgd(0.1)),
            new ConcurrentLinkedQueue<>());
    assertTrue(validated.getMessage().contains("of validation"), validated.getMessage());
    assertFalse(validated.getMessage().contains("skip"), validated.getMessage());
  }
}
