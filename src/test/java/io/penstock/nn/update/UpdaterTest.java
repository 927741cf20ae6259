package io.penstock.nn.update;

import static io.penstock.nn.Data.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import io.penstock.nn.Data;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

class UpdaterTest {
  private static final List<ParameterSpec> SPECS =
      List.of(
          new ParameterSpec("a", List.of(2L), Initializer.constant(1)),
          new ParameterSpec("b", List.of(1L), Initializer.constant(1)));

  @Test
  void sgdGoesDownTheGradient() {
    assertClose(new double[] {0.9, 1.2, 1}, after(Updater.sgd(0.1), 1).flat(), 1e-12);
  }

  @Test
  void nesterovsLooksAheadByTheMomentum() {
    // v = -lr g; the step is (1 + momentum) v - momentum v_before.
    assertClose(new double[] {0.81, 1.38, 1}, after(Updater.nesterovs(0.1, 0.9), 1).flat(), 1e-12);
    double second = 0.81 - 1.9 * 0.19 + 0.9 * 0.1;
    assertEquals(second, after(Updater.nesterovs(0.1, 0.9), 2).flat().getDouble(0), 1e-12);
  }

  @Test
  void adamsFirstStepIsTheLearningRate() {
    assertClose(new double[] {0.9, 1.1, 1}, after(Updater.adam(0.1), 1).flat(), 1e-6);
    assertClose(new double[] {0.8, 1.2, 1}, after(Updater.adam(0.1), 2).flat(), 1e-6);
  }

  @Test
  void learningRatesFollowTheirSchedule() {
    Updater updater =
        Updater.of(
            new Sgd(
                new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.1).add(1, 0.01).build()));
    assertEquals(0.01, updater.learningRate(1, 0), 0);
    assertEquals(0.89, after(updater, 2).flat().getDouble(0), 1e-12);
  }

  @Test
  void stateIsCountedAndCanBeSavedAndRestored() {
    Updater adam = Updater.adam(0.1);
    assertEquals(6, adam.stateSize(3));
    assertEquals(3, Updater.nesterovs(0.1, 0.9).stateSize(3));
    assertEquals(0, Updater.sgd(0.1).stateSize(3));

    Parameters p = Parameters.initial(SPECS, 0, 0, DataType.DOUBLE);
    Updater.State state = adam.newState(p);
    state.apply(p, gradients(), 0, 0, Memory.FRESH.compute(p.flat()));
    Parameters copy = Parameters.zeros(SPECS, DataType.DOUBLE);
    copy.flat().assign(p.flat());
    Updater.State restored = adam.newState(copy);
    restored.flat().assign(state.flat());
    assertEquals(6, state.flat().length());
    state.apply(p, gradients(), 1, 0, Memory.FRESH.compute(p.flat()));
    restored.apply(copy, gradients(), 1, 0, Memory.FRESH.compute(copy.flat()));
    Data.assertSameBits(p.flat(), copy.flat(), "restored");
  }

  @Test
  void singlePrecisionAndOneWeightWork() {
    List<ParameterSpec> one = List.of(new ParameterSpec("w", List.of(1L), Initializer.constant(1)));
    for (Updater updater :
        List.of(Updater.sgd(0.1), Updater.nesterovs(0.1, 0.9), Updater.adam(0.1))) {
      Parameters p = Parameters.initial(one, 0, 0);
      Parameters g = Parameters.initial(one, 0, 0);
      updater.newState(p).apply(p, g, 0, 0, Memory.FRESH.compute(p.flat()));
      assertTrue(p.flat().getDouble(0) < 0.91, updater.toString());
    }
  }

  @Test
  void aLayerWithoutWeightsIsLeftAlone() {
    for (Updater updater : List.of(Updater.sgd(0.1), Updater.adam(0.1))) {
      Parameters none = Parameters.zeros(List.of());
      Updater.State state = updater.newState(none);
      state.apply(none, none, 0, 0, Memory.FRESH.compute(none.flat()));
      assertEquals(0, state.flat().length());
    }
  }

  @Test
  void gradientsAreCutByValueBeforeTheRule() {
    Updater updater = Updater.sgd(0.1).with(UpdateOptions.NONE.withClipValue(1.5));
    assertClose(new double[] {0.9, 1.15, 1}, after(updater, 1).flat(), 1e-12);
  }

  @Test
  void weightDecayTakesMatricesAndLeavesVectors() {
    List<ParameterSpec> specs =
        List.of(
            new ParameterSpec("w", List.of(2L, 2L), Initializer.constant(1)),
            new ParameterSpec("b", List.of(2L), Initializer.constant(1)));
    Parameters p = Parameters.initial(specs, 0, 0, DataType.DOUBLE);
    Updater updater = Updater.adam(0.1).with(UpdateOptions.NONE.withWeightDecay(0.2));
    updater
        .newState(p)
        .apply(p, Parameters.zeros(specs, DataType.DOUBLE), 0, 0, Memory.FRESH.compute(p.flat()));
    assertClose(new double[] {0.98, 0.98, 0.98, 0.98, 1, 1}, p.flat(), 1e-12);
  }

  @Test
  void warmUpAndDecayScaleTheRuleOfAnyUpdater() {
    UpdateOptions options = UpdateOptions.NONE.withWarmUp(2).withDecay(RateDecay.LINEAR);
    Updater updater = Updater.sgd(0.1).with(options).over(4);
    assertEquals(0.05, updater.learningRate(0, 0), 1e-12);
    assertEquals(0.1, updater.learningRate(1, 0), 1e-12);
    assertEquals(0.1, updater.learningRate(2, 0), 1e-12);
    assertEquals(0.05, updater.learningRate(3, 0), 1e-12);
    assertEquals(1 - 0.3, after(updater, 4).flat().getDouble(0), 1e-12);
    Updater halved =
        Updater.of(new Sgd(new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 1)))
            .with(UpdateOptions.NONE.withWarmUp(2));
    assertEquals(0.05, halved.learningRate(1, 0), 1e-12);
  }

  @Test
  void anUpdaterWithoutARateTakesNoOptionThatGoesByOne() {
    Updater none = Updater.of(new AdaDelta());
    none.with(UpdateOptions.NONE.withClipValue(1));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> none.with(UpdateOptions.NONE.withWeightDecay(0.1)))
            .getMessage();
    assertTrue(message.contains("AdaDelta"), message);
  }

  @Test
  void plainNamesWork() {
    assertEquals(Updater.sgd(0.1), Updater.named("sgd", 0.1));
    assertEquals(Updater.nesterovs(0.1, 0.9), Updater.named("Nesterovs", 0.1));
    assertEquals(Updater.adam(0.1), Updater.named("adam", 0.1));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Updater.named("adamw", 1)).getMessage();
    assertTrue(message.contains("'adamw'") && message.contains("nesterovs"), message);
  }

  @Test
  void ratesMustMakeSense() {
    assertThrows(IllegalArgumentException.class, () -> Updater.sgd(0));
    assertThrows(IllegalArgumentException.class, () -> Updater.adam(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Updater.nesterovs(0.1, 1));
  }

  @Test
  void numbersThatMakeNoSenseAreRefusedWithWhatIsAllowed() {
    for (double rate : new double[] {-1, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(() -> Updater.of(new Adam(rate)), "Adam.learningRate is " + rate, "above 0");
      String json = Updater.sgd(0.25).toJson();
      String text = Double.isFinite(rate) ? "" + rate : "\"" + rate + "\"";
      refused(() -> Updater.fromJson(json.replace("0.25", text)), "Sgd.learningRate is " + rate);
      String scheduled =
          Updater.of(new Sgd(new StepSchedule(ScheduleType.EPOCH, 0.25, 0.5, 10))).toJson();
      if (rate != 0) {
        refused(() -> Updater.fromJson(scheduled.replace("0.25", text)), "initialValue is " + rate);
      }
    }
    refused(() -> Updater.of(Adam.builder().beta1(1).build()), "Adam.beta1 is 1.0", "below 1");
    refused(() -> Updater.of(Adam.builder().epsilon(-1).build()), "Adam.epsilon is -1.0");
    refused(() -> Updater.of(new Nesterovs(0.1, 1)), "Nesterovs.momentum is 1.0");
    refused(
        () ->
            Updater.of(
                new Sgd(
                    new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 0.1).add(3, -2).build())),
        "values.3 is -2.0");
    refused(
        () -> Updater.of(new Sgd(new StepSchedule(ScheduleType.EPOCH, 0.1, 0.5, 0))),
        "step is 0.0");
  }

  @Test
  void whatARootIsAddedToKeepsADivisorAboveNought() {
    for (double epsilon : new double[] {0, 1e-60}) {
      for (IUpdater config :
          List.of(
              Adam.builder().epsilon(epsilon).build(),
              AMSGrad.builder().epsilon(epsilon).build(),
              Nadam.builder().epsilon(epsilon).build(),
              RmsProp.builder().epsilon(epsilon).build(),
              AdaGrad.builder().epsilon(epsilon).build(),
              AdaDelta.builder().epsilon(epsilon).build())) {
        refused(() -> Updater.of(config), "epsilon is " + epsilon, "above 0");
      }
    }
  }

  @Test
  void momentaOfAScheduleAreBelowOneToo() {
    for (ISchedule momentum :
        List.of(
            new FixedSchedule(7),
            new FixedSchedule(1),
            new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.5).add(9, 1).build(),
            new StepSchedule(ScheduleType.EPOCH, 1.5, 0.5, 10),
            new CycleSchedule(ScheduleType.EPOCH, 1.5, 100))) {
      refused(
          () -> Updater.of(new Nesterovs(new FixedSchedule(7), momentum)),
          "Nesterovs.momentumISchedule",
          "below 1");
    }
  }

  static void refused(org.junit.jupiter.api.function.Executable made, String... parts) {
    String message = assertThrows(IllegalArgumentException.class, made).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void changingTheConfigAfterwardsChangesNothing() {
    Sgd sgd = new Sgd(0.1);
    Updater updater = Updater.of(sgd);
    sgd.setLearningRate(5);
    assertEquals(0.1, updater.learningRate(0, 0), 0);
  }

  private static Parameters gradients() {
    Parameters g = Parameters.zeros(SPECS, DataType.DOUBLE);
    g.flat().assign(Nd4j.createFromArray(1.0, -2.0, 0.0));
    return g;
  }

  private static Parameters after(Updater updater, int steps) {
    Parameters p = Parameters.initial(SPECS, 0, 0, DataType.DOUBLE);
    Updater.State state = updater.newState(p);
    for (int step = 0; step < steps; step++) {
      state.apply(p, gradients(), step, 0, Memory.FRESH.compute(p.flat()));
    }
    return p;
  }
}
