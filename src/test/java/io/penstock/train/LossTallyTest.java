package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Workspace;
import io.penstock.feed.RankRows;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Loss;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A mini-batch of padded sequences is divided by its unpadded labels, wherever they lie. */
@Timeout(120)
class LossTallyTest {
  private static final int LENGTH = 4;
  private static final int CLASSES = 5;
  private static final int ROWS = 11;
  private static final Loss LOSS = Losses.softmaxCrossEntropy().smoothed(0.1);
  private static final Sequential NETWORK =
      Sequential.input(6)
          .dense(9, Activation.TANH)
          .dropout(0.2)
          .dense(LENGTH * CLASSES)
          .layer(new ToSequence())
          .loss(LOSS)
          .build();

  private final INDArray features = Nd4j.create(ROWS, 6);
  private final INDArray labels = Nd4j.create(ROWS, LENGTH);

  LossTallyTest() {
    Random random = new Random(5);
    for (int i = 0; i < features.length(); i++) {
      features.putScalar(i, random.nextGaussian());
    }
    for (int row = 0; row < ROWS; row++) {
      for (int place = 0; place < LENGTH; place++) {
        boolean padding = place > random.nextInt(LENGTH);
        labels.putScalar(row, place, padding ? -1 : random.nextInt(CLASSES));
      }
    }
  }

  @Test
  void paddedSequencesTrainAlikeOnAnyNumberOfStages() throws Exception {
    UpdateOptions options =
        UpdateOptions.NONE.withWarmUp(2).withDecay(RateDecay.COSINE).withWeightDecay(0.1);
    Updater updater = Updater.adam(0.01).with(options.withClipValue(0.05));
    List<RankResult> one = train(NETWORK, labels, "gpipe", 1, 3, 6, updater);
    for (int stages : new int[] {2, 3}) {
      for (String id : new String[] {"gpipe", "1f1b", "zb-h1"}) {
        List<RankResult> some = train(NETWORK, labels, id, stages, 3, 6, updater);
        assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(some), 0, id);
        LocalPipeline.weights(one)
            .forEach(
                (layer, own) ->
                    assertArrayEquals(own, LocalPipeline.weights(some).get(layer), 0f, id));
      }
    }
  }

  @Test
  void microBatchesMakeTheGradientOfTheWholeBatch() throws Exception {
    Sequential steady =
        Sequential.input(6)
            .dense(9, Activation.TANH)
            .dense(LENGTH * CLASSES)
            .layer(new ToSequence())
            .loss(LOSS)
            .build();
    Map<Integer, float[]> expected = new TreeMap<>();
    List<Parameters> initial = new ArrayList<>();
    for (int layer = 0; layer < steady.layers().size(); layer++) {
      initial.add(Parameters.initial(steady.parameters(layer), 7, layer));
    }
    List<Backward> back = new ArrayList<>();
    INDArray x = features;
    for (int layer = 0; layer < initial.size(); layer++) {
      Pass pass = new Pass(true, 7, layer, 0, 0);
      Forward done = steady.layers().get(layer).forward(x, initial.get(layer), pass);
      back.add(done.backward());
      x = done.output();
    }
    double count = 0;
    for (int i = 0; i < labels.length(); i++) {
      count += labels.getDouble(i) >= 0 ? 1 : 0;
    }
    double loss = LOSS.score(x, labels) / count;
    INDArray g = LOSS.gradient(x, labels, 1 / count);
    for (int layer = initial.size() - 1; layer >= 0; layer--) {
      Parameters gradients = Parameters.zeros(initial.get(layer).specs());
      if (gradients.size() > 0) {
        back.get(layer).weightGradient(g, gradients);
        expected.put(layer, initial.get(layer).flat().sub(gradients.flat()).data().asFloat());
      }
      g = back.get(layer).inputGradient(g);
    }
    List<RankResult> run = train(steady, labels, "1f1b", 2, 4, ROWS, Updater.sgd(1));
    assertEquals(loss, LocalPipeline.losses(run)[0], 1e-6);
    expected.forEach(
        (layer, own) -> assertArrayEquals(own, LocalPipeline.weights(run).get(layer), 1e-6f));
  }

  @Test
  void aMiniBatchOfPaddingTeachesNothing() throws Exception {
    INDArray padding = labels.dup().assign(-1);
    List<RankResult> run = train(NETWORK, padding, "1f1b", 2, 2, ROWS, Updater.sgd(1));
    assertTrue(Double.isNaN(LocalPipeline.losses(run)[0]), "no loss, which is not 0");
    Parameters initial = Parameters.initial(NETWORK.parameters(0), 7, 0);
    assertArrayEquals(initial.values(), LocalPipeline.weights(run).get(0), 0f);
  }

  /** Otherwise a mini-batch of padding would draw the mean towards 0. */
  @Test
  void whatDoesNotCountIsNoPartOfAnEpochsLoss() throws Exception {
    INDArray some = labels.dup();
    for (int row = 0; row < ROWS / 2; row++) {
      some.getRow(row).assign(-1);
    }
    TrainingPlan plan = plan("1f1b", 2, 1, 1, 1, Updater.sgd(1e-9));
    List<EpochReport> reports = new CopyOnWriteArrayList<>();
    List<RankResult> run =
        new LocalPipeline(NETWORK, features, some)
            .run(plan, Optional.empty(), InitialState.BORN, reports::add);
    double[] losses = LocalPipeline.losses(run);
    double sum = 0;
    double count = 0;
    for (int row = 0; row < ROWS; row++) {
      double own = LOSS.weight(some.getRow(row).reshape(1, LENGTH));
      assertEquals(own == 0, Double.isNaN(losses[row]), "row " + row);
      sum += own == 0 ? 0 : own * losses[row];
      count += own;
    }
    EpochReport told = reports.stream().filter(one -> one.weight() > 0).findFirst().orElseThrow();
    assertEquals(count, told.weight());
    assertEquals(sum / count, told.lossSum() / told.weight(), 1e-9);
  }

  @Test
  void aStepThatIsTakenBackIsNoPartOfItsEpoch() {
    LossTally tally = new LossTally(NETWORK, null, new Workspace());
    tally.startEpoch();
    step(tally, 0, Double.NaN);
    tally.takeBack();
    assertTrue(Double.isNaN(tally.stepLoss()));
    assertTrue(Double.isNaN(tally.epochLoss()), "no loss, which is not 0");
    assertEquals(0, tally.epochWeight());
    step(tally, 1, 6);
    step(tally, 2, Double.POSITIVE_INFINITY);
    tally.takeBack();
    assertEquals(2, tally.epochLoss());
    assertEquals(3, tally.epochWeight());
  }

  private static void step(LossTally tally, int step, double score) {
    tally.startStep(step, 1, 3);
    tally.put(0, score);
    tally.endStep();
  }

  @Test
  void labelsOfWhichNoneCountsAreFoundBeforeTraining() {
    INDArray padding = labels.dup().assign(-1);
    assertTrue(anyCounts(NETWORK, labels, null));
    assertFalse(anyCounts(NETWORK, padding, null));
    INDArray one = padding.dup();
    one.putScalar(ROWS - 1, LENGTH - 1, 2);
    assertTrue(anyCounts(NETWORK, one, null), "the last label of the last row");
    float[] weights = new float[ROWS];
    assertFalse(anyCounts(NETWORK, one, weights), "all rows are of weight 0");
    weights[0] = 1;
    assertFalse(anyCounts(NETWORK, one, weights), "the only row that counts is padding");
    Sequential without =
        Sequential.input(6)
            .dense(LENGTH * CLASSES)
            .layer(new ToSequence())
            .loss(Losses.softmaxCrossEntropy().weighted(1, 1, 0, 1, 1))
            .build();
    assertFalse(anyCounts(without, one, null), "its class is of weight 0");
    assertTrue(anyCounts(without, labels, null));
  }

  private boolean anyCounts(Sequential network, INDArray wanted, float[] weights) {
    TrainingPlan plan = plan("gpipe", 1, 3, 4, 1, Updater.sgd(1));
    RankRows rows = new LocalPipeline(network, features, wanted, weights).rows(0, plan);
    return rows.anyCounts(network, array -> {});
  }

  private static TrainingPlan plan(
      String id, int stages, int microBatches, int batch, int epochs, Updater updater) {
    Schedule schedule = TrainingPlan.lowerAndVerify(Schedules.generate(id, stages, microBatches));
    List<Integer> starts = List.of(0, 1, 2).subList(0, stages);
    return new TrainingPlan("", updater.toJson(), starts, schedule, batch, epochs, 7);
  }

  private List<RankResult> train(
      Sequential network,
      INDArray wanted,
      String id,
      int stages,
      int microBatches,
      int batch,
      Updater updater)
      throws Exception {
    TrainingPlan plan = plan(id, stages, microBatches, batch, batch == ROWS ? 1 : 2, updater);
    return new LocalPipeline(network, features, wanted).run(plan);
  }

  /** Rows of 20 numbers as sequences of four places. */
  private record ToSequence() implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return Shape.of(LENGTH, CLASSES);
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      INDArray output = input.dup('c').reshape('c', input.size(0), LENGTH, CLASSES);
      return new Forward(
          output,
          new Backward() {
            @Override
            public INDArray inputGradient(INDArray gradient) {
              return gradient.dup('c').reshape('c', gradient.size(0), LENGTH * CLASSES);
            }

            @Override
            public void weightGradient(INDArray gradient, Parameters gradients) {}
          });
    }
  }
}
