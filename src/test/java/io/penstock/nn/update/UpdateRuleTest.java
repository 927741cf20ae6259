package io.penstock.nn.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.nn.Data;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

class UpdateRuleTest {
  private static final long WEIGHTS = 37;
  private static final int STEPS = 6;

  @Test
  void anUpdaterThatExtendsOneOfNd4jsIsAskedItself() {
    INDArray gradient = Nd4j.ones(DataType.FLOAT, WEIGHTS);
    new UpdateRule(
            new SgdUpdater(new Sgd(0.5)) {
              @Override
              public void applyUpdater(INDArray own, int step, int epoch) {
                own.assign(7);
              }
            })
        .apply(gradient, 0, 0);
    assertEquals(7 * WEIGHTS, gradient.sumNumber().doubleValue());
  }

  /** All but those of CorrectedTest, and AdaBelief, of which ND4J itself cannot make one. */
  static Stream<IUpdater> all() {
    ISchedule rate = new StepSchedule(ScheduleType.ITERATION, 0.1, 0.7, 2);
    return Stream.of(
        new Sgd(rate),
        new Nesterovs(rate, new StepSchedule(ScheduleType.ITERATION, 0.9, 0.9, 2)),
        new AdaMax(rate),
        new AdaGrad(rate, 1e-6),
        new RmsProp(rate),
        new AdaDelta(),
        new NoOp());
  }

  @ParameterizedTest
  @MethodSource("all")
  void weightsAreBitForBitThoseOfNd4jsUpdater(IUpdater config) {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      List<ParameterSpec> specs =
          List.of(new ParameterSpec("w", List.of(WEIGHTS), Initializer.constant(1)));
      Parameters parameters = Parameters.initial(specs, 0, 0, type);
      Parameters gradients = Parameters.zeros(specs, type);
      Updater.State state = Updater.of(config).newState(parameters);
      INDArray expected = parameters.flat().dup();
      GradientUpdater<?> updater = nd4js(config, type);
      for (int step = 0; step < STEPS; step++) {
        INDArray gradient = Data.random(step, type, 1, WEIGHTS);
        gradients.flat().assign(gradient.reshape(WEIGHTS));
        state.apply(parameters, gradients, step, 0);
        updater.applyUpdater(gradient, step, 0);
        expected.subi(gradient.reshape(WEIGHTS));
        Data.assertSameBits(expected, parameters.flat(), config + " step " + step);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anotherGradientArrayIsTakenToo(IUpdater config) {
    UpdateRule rule = new UpdateRule(nd4js(config, DataType.FLOAT));
    GradientUpdater<?> updater = nd4js(config, DataType.FLOAT);
    for (int step = 0; step < 3; step++) {
      INDArray actual = Data.random(step, DataType.FLOAT, WEIGHTS);
      INDArray expected = actual.dup().reshape(1, WEIGHTS);
      rule.apply(actual, step, 0);
      updater.applyUpdater(expected, step, 0);
      Data.assertSameBits(expected.reshape(WEIGHTS), actual, config + " step " + step);
    }
  }

  @ParameterizedTest
  @MethodSource("usual")
  void theUsualOnesLeaveLittleOnTheHeap(Updater updater) {
    List<ParameterSpec> specs =
        List.of(new ParameterSpec("w", List.of(WEIGHTS), Initializer.constant(1)));
    Parameters parameters = Parameters.initial(specs, 0, 0);
    Parameters gradients = Parameters.zeros(specs);
    Updater.State state = updater.newState(parameters);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    int rounds = 200;
    long before = 0;
    for (int step = -rounds; step < rounds; step++) {
      if (step == 0) {
        before = threads.getThreadAllocatedBytes(self);
      }
      state.apply(parameters, gradients, step + rounds, 0);
      gradients.clear();
    }
    long bytes = (threads.getThreadAllocatedBytes(self) - before) / rounds;
    assertTrue(bytes < 4096, updater + " leaves " + bytes + " bytes a step");
  }

  static Stream<Updater> usual() {
    return Stream.of(Updater.sgd(0.1), Updater.nesterovs(0.1, 0.9), Updater.adam(0.1));
  }

  private static GradientUpdater<?> nd4js(IUpdater config, DataType type) {
    long size = config.stateSize(WEIGHTS);
    INDArray view = size == 0 ? null : Nd4j.zeros(type, 1, size);
    GradientUpdater<?> updater = config.instantiate(view, false);
    if (view != null) {
      updater.setStateViewArray(view, new long[] {1, WEIGHTS}, 'c', true);
    }
    return updater;
  }
}
