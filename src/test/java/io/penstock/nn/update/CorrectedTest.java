package io.penstock.nn.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Memory;
import io.penstock.nn.Data;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class CorrectedTest {
  /** Some as small as epsilon, 1e-8, where its place tells. */
  private static final double[][] GRADIENTS = {
    {1e-8, -3e-9, 2e-4, 0.5},
    {2e-8, 1e-9, -1e-4, -0.25},
    {-5e-9, 4e-9, 3e-4, 1.5},
    {0, 1e-9, 1e-5, 0.01}
  };

  private static final List<ParameterSpec> SPECS =
      List.of(new ParameterSpec("w", List.of(4L), Initializer.constant(1)));

  /** The weights after each step, from ones, at a rate of 0.1. */
  static Stream<Arguments> rules() {
    double[][] adam = { // torch.optim.Adam of PyTorch 1.13 in double precision
      {0.95, 1.023076923076923, 0.9000049997500125, 0.900000002},
      {0.8908720105358283, 1.0303894810501035, 0.8733729803936063, 0.8733662987078463},
      {0.8573519414719878, 1.0233482511714684, 0.8098439023586425, 0.8063162429161115},
      {0.8316118690489407, 1.0159089631723153, 0.7562699566723647, 0.7510307477111638}
    };
    double[][] amsGrad = { // the same with amsgrad=True
      adam[0],
      adam[1],
      adam[2],
      {0.8316187431592408, 1.0159089631723153, 0.7562775979273252, 0.751057317865116}
    };
    double[][] nadam = { // Ruder's formula in double precision
      {0.905, 1.0438461538461539, 0.8100094995250235, 0.8100000037999998},
      {0.8110068857138512, 1.04612595133191, 0.8193307062997657, 0.8193217999522536},
      {0.788781967884319, 1.0283860430182474, 0.7109214086207466, 0.6991106284970718},
      {0.7656159027035766, 1.0193824964162317, 0.6611510887766964, 0.6489904403999714}
    };
    return Stream.of(
        Arguments.of(new Adam(0.1), adam),
        Arguments.of(new AMSGrad(0.1), amsGrad),
        Arguments.of(new Nadam(0.1), nadam));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void epsilonStandsBesideTheCorrectedMoment(IUpdater config, double[][] expected) {
    for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
      double tolerance = type == DataType.DOUBLE ? 1e-12 : 5e-6;
      Parameters parameters = Parameters.initial(SPECS, 0, 0, type);
      Parameters gradients = Parameters.zeros(SPECS, type);
      Updater.State state = Updater.of(config).newState(parameters);
      for (int step = 0; step < GRADIENTS.length; step++) {
        gradients.flat().assign(Nd4j.createFromArray(GRADIENTS[step]).castTo(type));
        state.apply(parameters, gradients, step, 0, Memory.FRESH.compute(parameters.flat()));
        double[] weights = Data.values(parameters.flat());
        assertArrayEquals(expected[step], weights, tolerance, type + " " + config + " " + step);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void smallStepsGoDownhill(IUpdater config) {
    // 0.5 Σ wᵢ² from ones: ND4J's Nadam jumped to the other side, and farther each time.
    Parameters parameters = Parameters.initial(SPECS, 0, 0);
    Parameters gradients = Parameters.zeros(SPECS);
    IUpdater slow = config.clone();
    slow.setLrAndSchedule(0.01, null);
    Updater.State state = Updater.of(slow).newState(parameters);
    double before = 1;
    for (int step = 0; step < 50; step++) {
      gradients.flat().assign(parameters.flat());
      state.apply(parameters, gradients, step, 0, Memory.FRESH.compute(parameters.flat()));
      double now = parameters.flat().getDouble(0);
      assertTrue(0 < now && now < before, config + " step " + step + ": " + now);
      before = now;
    }
  }

  @Test
  void aRateOfZeroChangesNothing() {
    for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
      Parameters parameters = Parameters.initial(SPECS, 0, 0, type);
      parameters.flat().assign(0);
      Parameters gradients = Parameters.zeros(SPECS, type);
      gradients.flat().assign(1);
      MapSchedule none = new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0).build();
      Updater.of(new Adam(none))
          .newState(parameters)
          .apply(parameters, gradients, 0, 0, Memory.FRESH.compute(parameters.flat()));
      assertEquals(0, parameters.flat().getDouble(0), 1e-30);
    }
  }
}
