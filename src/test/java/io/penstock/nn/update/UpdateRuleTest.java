package io.penstock.nn.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.compute.Compute;
import io.penstock.compute.Memory;
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
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
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
    INDArray weights = Nd4j.zeros(DataType.FLOAT, WEIGHTS);
    GradientUpdater<?> own =
        new SgdUpdater(new Sgd(0.5)) {
          @Override
          public void applyUpdater(INDArray gradient, int step, int epoch) {
            gradient.assign(7);
          }
        };
    new UpdateRule(own, null).step(gradient, weights, 0, 0, Memory.FRESH.compute(weights));
    assertEquals(-7 * WEIGHTS, weights.sumNumber().doubleValue());
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
  void weightsAreThoseOfNd4jsUpdaterBitForBitWhereItsOperationsRun(IUpdater config) {
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
        state.apply(parameters, gradients, step, 0, Memory.FRESH.compute(parameters.flat()));
        updater.applyUpdater(gradient, step, 0);
        expected.subi(gradient.reshape(WEIGHTS));
        if (type == DataType.DOUBLE || !isQuick(config)) {
          Data.assertSameBits(expected, parameters.flat(), config + " step " + step);
        } else {
          Data.assertClose(Data.values(expected), parameters.flat(), 1e-6);
        }
      }
    }
  }

  /** Whether compute has a kernel of its own for floats. */
  private static boolean isQuick(IUpdater config) {
    return config instanceof Sgd || config instanceof Nesterovs;
  }

  static Stream<IUpdater> allWithState() {
    return Stream.concat(all(), Stream.of(new Adam(0.1), new AMSGrad(0.1), new Nadam(0.1)))
        .filter(config -> config.stateSize(WEIGHTS) > 0);
  }

  @ParameterizedTest
  @MethodSource("allWithState")
  void stateLiesAsNd4jsUpdaterLaysIt(IUpdater config) {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      List<ParameterSpec> specs =
          List.of(new ParameterSpec("w", List.of(WEIGHTS), Initializer.constant(1)));
      Parameters parameters = Parameters.initial(specs, 0, 0, type);
      Parameters gradients = Parameters.zeros(specs, type);
      Updater.State state = Updater.of(config).newState(parameters);
      INDArray expected = Nd4j.zeros(type, 1, config.stateSize(WEIGHTS));
      GradientUpdater<?> updater = nd4js(config, expected);
      for (int step = 0; step < 3; step++) {
        INDArray gradient = Data.random(step, type, WEIGHTS);
        gradients.flat().assign(gradient);
        state.apply(parameters, gradients, step, 0, Memory.FRESH.compute(type));
        updater.applyUpdater(gradient.dup().reshape(1, WEIGHTS), step, 0);
      }
      Data.assertClose(Data.values(expected), state.flat(), type == DataType.FLOAT ? 1e-6 : 0);
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
    Compute compute = Memory.FRESH.compute(parameters.flat());
    for (int step = -rounds; step < rounds; step++) {
      if (step == 0) {
        before = threads.getThreadAllocatedBytes(self);
      }
      state.apply(parameters, gradients, step + rounds, 0, compute);
      gradients.clear();
    }
    long bytes = (threads.getThreadAllocatedBytes(self) - before) / rounds;
    assertTrue(bytes < 1024, updater + " leaves " + bytes + " bytes a step");
  }

  static Stream<Updater> usual() {
    return Stream.of(
        Updater.sgd(0.1),
        Updater.nesterovs(0.1, 0.9),
        Updater.adam(0.1),
        Updater.of(new AMSGrad(0.1)),
        Updater.of(new Nadam(0.1)));
  }

  private static GradientUpdater<?> nd4js(IUpdater config, DataType type) {
    long size = config.stateSize(WEIGHTS);
    return nd4js(config, size == 0 ? Nd4j.empty(type) : Nd4j.zeros(type, 1, size));
  }

  private static GradientUpdater<?> nd4js(IUpdater config, INDArray state) {
    INDArray view = state.isEmpty() ? null : state;
    GradientUpdater<?> updater = config.instantiate(view, false);
    if (view != null) {
      updater.setStateViewArray(view, new long[] {1, WEIGHTS}, 'c', true);
    }
    return updater;
  }
}
