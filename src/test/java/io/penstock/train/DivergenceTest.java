package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.link.LinkPrecision;
import io.penstock.nn.Loss;
import io.penstock.nn.NotFinite;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.RmsProp;

/**
 * However a run goes bad, it ends with {@link DivergedException}, or with weights that are numbers:
 * never as a success with others.
 */
@Timeout(300)
@Tag("slow")
class DivergenceTest {
  private static final int ROWS = 12;
  private static final List<LinkPrecision> PRECISIONS = List.of(LinkPrecision.values());
  private static final List<Schedule> SCHEDULES =
      List.of(
          Schedules.generate("gpipe", 1, 2),
          Schedules.generate("1f1b", 2, 2),
          Schedules.generate("zb-v", 2, 2));

  static Stream<Loss> losses() {
    return Stream.of(
        Losses.softmaxCrossEntropy(),
        Losses.softmaxCrossEntropy().smoothed(0.1),
        Losses.sigmoidCrossEntropy(),
        Losses.squaredError(),
        Losses.absoluteError(),
        Losses.huber(1));
  }

  private static List<Updater> updaters(double rate) {
    Stream<IUpdater> rated =
        Stream.of(
            new AMSGrad(rate),
            new AdaGrad(rate),
            new AdaMax(rate),
            new Nadam(rate),
            new RmsProp(rate),
            new AdaDelta());
    return Stream.concat(
            Stream.of(Updater.sgd(rate), Updater.nesterovs(rate, 0.9), Updater.adam(rate)),
            rated.map(Updater::of))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void noRunEndsAsASuccessWithWeightsThatAreNoNumbers(Loss loss) throws Exception {
    boolean classes = loss.name().startsWith("softmax");
    Sequential network =
        Sequential.input(4)
            .dense(5, Activation.RELU)
            .batchNorm()
            .dense(5, Activation.TANH)
            .dense(classes ? 3 : 1)
            .loss(loss)
            .build();
    Random random = new Random(1);
    INDArray features = Nd4j.rand(ROWS, 4);
    INDArray labels = Nd4j.create(ROWS, 1);
    for (int row = 0; row < ROWS; row++) {
      labels.putScalar(row, 0, random.nextInt(classes ? 3 : 2));
    }
    LocalPipeline rows = new LocalPipeline(network, features, labels);
    int ended = 0;
    for (double rate : new double[] {1e19, 1e30}) {
      for (Updater updater : updaters(rate)) {
        for (Schedule schedule : SCHEDULES) {
          for (BadNumbers answer : BadNumbers.values()) {
            for (int epochs = 1; epochs <= 2; epochs++) {
              TrainingPlan plan =
                  new TrainingPlan(
                          network.toWire(),
                          updater.toJson(),
                          List.of(0, 3, 4, 5).subList(0, schedule.stages()),
                          TrainingPlan.lowerAndVerify(schedule),
                          ROWS, // one step, which is the last of the run, or two
                          epochs,
                          7)
                      .withLinkPrecision(PRECISIONS.get(ended % PRECISIONS.size()))
                      .withBadNumbers(answer);
              ended += ends(rows, plan) ? 1 : 0;
            }
          }
        }
      }
    }
    assertTrue(ended > 60, ended + " runs have ended");
  }

  private static boolean ends(LocalPipeline rows, TrainingPlan plan) throws Exception {
    try {
      rows.run(plan)
          .forEach(
              rank ->
                  rank.weights()
                      .values()
                      .forEach(
                          values ->
                              assertEquals(
                                  Optional.empty(),
                                  NotFinite.in("weights", Nd4j.createFromArray(values)),
                                  plan.toString())));
      return false;
    } catch (ExecutionException thrown) {
      assertInstanceOf(DivergedException.class, thrown.getCause(), plan.toString());
      return true;
    }
  }
}
