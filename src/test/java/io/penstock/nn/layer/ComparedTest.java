package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.compute.Memory;
import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.update.Updater;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What docs/how-it-compares.md says of Penstock, in numbers by hand. */
class ComparedTest {
  private static final List<ParameterSpec> ONE =
      List.of(new ParameterSpec("w", List.of(1L), Initializer.constant(1)));

  static Stream<Arguments> rules() {
    MapSchedule falling =
        new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.1).add(1, 0.01).build();
    return Stream.of(
        // Where PyTorch's are 0.81, 0.7829, 0.74851: it applies today's rate to the past.
        Arguments.of(new Nesterovs(falling, 0.9), 1, new double[] {0.81, 0.71, 0.61}),
        // The sum begins at 1e-6.
        Arguments.of(new AdaGrad(0.1), 0.001, new double[] {0.9293392865509885, 0.871637573731455}),
        // Whatever epsilon is; PyTorch's, whose sum begins at 0, are 0.90000001 and 0.82928934.
        Arguments.of(
            new AdaGrad(0.1, 1e-10), 0.001, new double[] {0.9292893268813449, 0.8715543032957155}),
        // The mean begins at epsilon, 1e-8.
        Arguments.of(
            new RmsProp(0.1), 0.001, new double[] {0.5900567751883151, 0.28367641497828716}),
        // No epsilon: PyTorch's first step is 0.1 · 1e-12 / 1e-8.
        Arguments.of(new AdaMax(0.1), 1e-12, new double[] {0.9, 0.8}));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rulesGoAsThePageSays(IUpdater config, double gradient, double[] expected) {
    Parameters parameters = Parameters.initial(ONE, 0, 0, DataType.DOUBLE);
    Parameters gradients = Parameters.zeros(ONE, DataType.DOUBLE);
    Updater.State state = Updater.of(config).newState(parameters);
    for (int step = 0; step < expected.length; step++) {
      gradients.flat().assign(gradient);
      state.apply(parameters, gradients, step, 0, Memory.FRESH.compute(parameters.flat()));
      assertEquals(expected[step], parameters.flat().getDouble(0), 1e-9, config + " " + step);
    }
  }

  @Test
  void theRunningVarianceIsDividedByTheNumberOfRows() {
    BatchNorm layer = BatchNorm.usual();
    Parameters p = Parameters.initial(layer.parameters(Shape.of(1)), 0, 0, DataType.DOUBLE);
    Parameters sums = Parameters.zeros(p.specs(), DataType.DOUBLE);
    INDArray x = Data.doubles(new double[][] {{1}, {2}, {4}});
    Forward forward = layer.forward(x, p, Data.TRAINING);
    forward.backward().inputGradient(x);
    forward.backward().weightGradient(x, sums);
    layer.updateStatistics(p, sums, Memory.FRESH.compute(p.flat()));
    assertEquals(0.1 * 7 / 3, p.get("mean").getDouble(0), 1e-9);
    // PyTorch's is 1.1333: it divides by one row less.
    assertEquals(0.9 + 0.1 * 14 / 9, p.get("variance").getDouble(0), 1e-9);
  }

  @Test
  void theForgetBiasBeginsAtZero() {
    Lstm layer = new Lstm(3);
    Parameters p = Parameters.initial(layer.parameters(Shape.of(2, 4)), 5, 0);
    assertEquals(0, p.get("bias").amaxNumber().doubleValue());
  }

  /** One step of one unit from a state that one step made, by PyTorch's nn.GRU. */
  @Test
  void theResetOfAGruStandsBehindTheProductAndItsBias() {
    Gru layer = new Gru(1);
    Parameters p = Parameters.initial(layer.parameters(Shape.of(2, 1)), 5, 0, DataType.DOUBLE);
    p.get("weights").assign(Data.doubles(new double[][] {{0.5, -0.3, 0.8}}));
    p.get("bias").assign(Data.doubles(new double[][] {{0.1, 0.2, -0.1}}).reshape(3));
    p.get("state").assign(Data.doubles(new double[][] {{0.7, 0.4, -0.9}}));
    p.get("stateBias").assign(Data.doubles(new double[][] {{0.3, -0.2, 0.6}}).reshape(3));
    INDArray x = Data.doubles(new double[][] {{1, -2}}).reshape(1, 2, 1);
    double[] expected = {0.4652076649422737, 0.030098763493889402};
    Data.assertClose(expected, layer.forward(x, p, Data.TRAINING).output(), 1e-12);
  }
}
