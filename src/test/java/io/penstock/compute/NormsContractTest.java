package io.penstock.compute;

import static io.penstock.nn.Data.assertSameBits;
import static io.penstock.nn.Data.values;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.array.NativeArrays;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every kind's {@link Norms} keep to, against loops in double precision. */
class NormsContractTest {
  static final double EPSILON = 1e-3;
  private static final long[] SIZES = {1, 3, 7, 8, 17, 33};

  /** Rows and widths of which a kind may cut its sums. */
  private static final long[][] LARGE = {{3, 5000}, {700, 5}, {300, 40}};

  /** Shapes of rows with channels, and with points or none; the last ones' sums may be cut. */
  private static final long[][] SHAPES = {
    {2, 3},
    {33, 17},
    {17, 8},
    {1, 3, 7},
    {7, 1, 33},
    {3, 8, 17},
    {1, 16, 1, 33},
    {3, 17, 7, 3},
    {3000, 3},
    {150, 40},
    {900, 3, 4},
    {500, 2, 9},
    {2, 3, 3000}
  };

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void rowsAreNormalisedThereAndBack(Computing c) {
    Compute compute = c.compute();
    for (long rows : SIZES) {
      for (long width : SIZES) {
        rows(c, compute.norms(), rows, width);
      }
    }
    for (long[] large : LARGE) {
      rows(c, compute.norms(), large[0], large[1]);
    }
    compute.clear();
  }

  private static void rows(Computing c, Norms norms, long rows, long width) {
    String message = rows + " of " + width;
    INDArray x = c.random(1, rows, width);
    INDArray scale = c.random(2, width);
    INDArray shift = c.random(3, width);
    INDArray g = c.random(4, rows, width);
    INDArray mean = c.room(rows);
    INDArray variance = c.room(rows);
    INDArray output = c.room(rows, width);
    norms.layerNorm(x, scale, shift, EPSILON, mean, variance, output);
    Loops loops = new Loops(values(x), i -> (int) (i / width), i -> (int) (i % width));
    double[] means = loops.means((int) rows);
    double[] variances = loops.variances(means);
    c.assertClose(means, mean, "means, " + message);
    c.assertClose(variances, variance, "variances, " + message);
    c.assertClose(
        loops.output(means, variances, values(scale), values(shift)), output, "out, " + message);

    INDArray xGradient = c.room(rows, width);
    INDArray both = c.room(2 * width);
    norms.layerNormGradient(x, scale, EPSILON, mean, variance, g, xGradient, both);
    INDArray scaleGradient = NativeArrays.view(both, 0, width);
    INDArray shiftGradient = NativeArrays.view(both, width, width);
    c.assertClose(
        loops.inputGradient(means, variances, false, values(scale), values(g)),
        xGradient,
        "input gradient, " + message);
    c.assertClose(
        loops.weightGradient((int) width, values(g), loops.normal(means, variances)),
        scaleGradient,
        "scale gradient, " + message);
    c.assertClose(
        loops.weightGradient((int) width, values(g), null),
        shiftGradient,
        "shift gradient, " + message);
    INDArray positions = c.room(1, rows, width);
    norms.layerNorm(c.random(1, 1, rows, width), scale, shift, EPSILON, mean, variance, positions);
    assertSameBits(
        output, positions.reshape('c', rows, width), "positions of a sequence, " + message);
    norms.layerNormGradient(
        c.random(1, 1, rows, width),
        scale,
        EPSILON,
        mean,
        variance,
        c.random(4, 1, rows, width),
        positions,
        both);
    assertSameBits(
        xGradient, positions.reshape('c', rows, width), "gradients of positions, " + message);
    assertSameBits(c.random(1, rows, width), x, "the input is left alone");
    assertSameBits(c.random(4, rows, width), g, "the output gradient is left alone");
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void channelsAreNormalisedThereAndBack(Computing c) {
    Compute compute = c.compute();
    for (long[] shape : SHAPES) {
      for (boolean given : new boolean[] {false, true}) {
        channels(c, compute.norms(), shape, given);
      }
    }
    compute.clear();
  }

  private static void channels(Computing c, Norms norms, long[] shape, boolean given) {
    String message = Arrays.toString(shape) + (given ? " with moments given" : "");
    long channels = shape[1];
    INDArray x = c.random(1, shape);
    INDArray scale = c.random(2, channels);
    INDArray shift = c.random(3, channels);
    INDArray g = c.random(4, shape);
    INDArray mean = given ? c.random(5, channels) : c.room(channels);
    INDArray variance = given ? c.random(6, channels).muli(0.4).addi(0.5) : c.room(channels);
    INDArray givenMean = mean.dup();
    INDArray givenVariance = variance.dup();
    INDArray output = c.room(shape);
    norms.batchNorm(x, scale, shift, EPSILON, given, mean, variance, output);
    long points = x.length() / (shape[0] * channels);
    IntUnaryOperator channel = i -> (int) (i / points % channels);
    Loops loops = new Loops(values(x), channel, channel);
    double[] means = given ? values(givenMean) : loops.means((int) channels);
    double[] variances = given ? values(givenVariance) : loops.variances(means);
    c.assertClose(means, mean, "means, " + message);
    c.assertClose(variances, variance, "variances, " + message);
    c.assertClose(
        loops.output(means, variances, values(scale), values(shift)), output, "out, " + message);

    INDArray xGradient = c.room(shape);
    INDArray both = c.room(2 * channels);
    norms.batchNormGradient(x, scale, EPSILON, given, mean, variance, g, xGradient, both);
    INDArray scaleGradient = NativeArrays.view(both, 0, channels);
    INDArray shiftGradient = NativeArrays.view(both, channels, channels);
    c.assertClose(
        loops.inputGradient(means, variances, given, values(scale), values(g)),
        xGradient,
        "input gradient, " + message);
    c.assertClose(
        loops.weightGradient((int) channels, values(g), loops.normal(means, variances)),
        scaleGradient,
        "scale gradient, " + message);
    c.assertClose(
        loops.weightGradient((int) channels, values(g), null),
        shiftGradient,
        "shift gradient, " + message);
    if (given) {
      assertSameBits(givenMean, mean, "a given mean is left alone");
      assertSameBits(givenVariance, variance, "a given variance is left alone");
    }
    assertSameBits(c.random(1, shape), x, "the input is left alone");
    assertSameBits(c.random(4, shape), g, "the output gradient is left alone");
  }

  /** A mean of squares less the mean's square would have nothing left of it. */
  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void aSmallVarianceIsFoundBesideALargeMean(Computing c) {
    long channels = 2;
    long points = 900;
    INDArray x = c.random(1, 1, channels, points).muli(2).addi(4096);
    INDArray ones = c.random(2, points).assign(1);
    INDArray mean = c.room(channels);
    INDArray variance = c.room(channels);
    Loops loops = new Loops(values(x), i -> (int) (i / points), i -> 0);
    double[] variances = loops.variances(loops.means((int) channels));
    Norms norms = c.compute().norms();
    norms.layerNorm(x, ones, ones, EPSILON, mean, variance, c.room(1, channels, points));
    assertArrayEquals(variances, values(variance), 2e-5, "of rows");
    INDArray scale = c.random(2, channels);
    INDArray output = c.room(1, channels, points);
    norms.batchNorm(x, scale, scale, EPSILON, false, mean, variance.assign(0), output);
    assertArrayEquals(variances, values(variance), 2e-5, "of channels");
  }

  /** Layers keep scale and shift one after the other; the bits do not hang on it. */
  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void whereScaleAndShiftLieChangesNoBit(Computing c) {
    Norms norms = c.compute().norms();
    long width = 17;
    INDArray x = c.random(1, 7, width);
    INDArray scale = c.random(2, width);
    INDArray shift = c.random(3, width);
    INDArray pair = c.room(2 * width);
    INDArray[] together = {
      NativeArrays.view(pair, 0, width).assign(scale),
      NativeArrays.view(pair, width, width).assign(shift)
    };
    INDArray reversed = c.room(2 * width);
    INDArray[] swapped = {
      NativeArrays.view(reversed, width, width).assign(scale),
      NativeArrays.view(reversed, 0, width).assign(shift)
    };
    INDArray[] apart = {scale, shift};
    INDArray[] expected = run(c, norms, x, apart);
    for (INDArray[] weights : new INDArray[][] {together, swapped}) {
      INDArray[] actual = run(c, norms, x, weights);
      for (int i = 0; i < expected.length; i++) {
        assertSameBits(expected[i], actual[i], "result " + i);
      }
    }
  }

  private static INDArray[] run(Computing c, Norms norms, INDArray x, INDArray[] weights) {
    long rows = x.size(0);
    long width = x.size(1);
    INDArray mean = c.room(rows);
    INDArray variance = c.room(rows);
    INDArray output = c.room(x.shape());
    INDArray gradient = c.room(x.shape());
    INDArray sums = c.room(2 * width);
    norms.layerNorm(x, weights[0], weights[1], EPSILON, mean, variance, output);
    norms.layerNormGradient(x, weights[0], EPSILON, mean, variance, output, gradient, sums);
    INDArray means = c.room(width);
    INDArray variances = c.room(width);
    INDArray channels = c.room(x.shape());
    INDArray back = c.room(x.shape());
    INDArray channelSums = c.room(2 * width);
    norms.batchNorm(x, weights[0], weights[1], EPSILON, false, means, variances, channels);
    norms.batchNormGradient(
        x, weights[0], EPSILON, false, means, variances, channels, back, channelSums);
    return new INDArray[] {output, gradient, sums, channels, back, channelSums};
  }

  /** However rows are cut into micro-batches, their moments are those of all of them. */
  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void momentsOfPartsAddUpToThoseOfTheWhole(Computing c) {
    Norms norms = c.compute().norms();
    long channels = 7;
    INDArray running = c.random(1, channels);
    INDArray runningVariance = c.random(2, channels).muli(0.4).addi(0.5);
    INDArray means = c.random(3, 3, channels);
    INDArray variances = c.random(4, 3, channels).muli(0.4).addi(0.5);
    long[] rows = {1, 5, 3};
    INDArray sumOfMeans = c.room(channels).assign(0);
    INDArray sumOfSquares = c.room(channels).assign(0);
    INDArray sumOfRows = c.room(1).assign(0);
    INDArray steps = c.room(1).assign(4);
    norms.follow(sumOfMeans, sumOfSquares, sumOfRows, 0.25, running, runningVariance, steps);
    assertSameBits(c.random(1, channels), running, "nothing came");
    assertEquals(4, steps.getDouble(0), 0, "nothing came");
    double[] mean = new double[(int) channels];
    double[] square = new double[(int) channels];
    for (int part = 0; part < 3; part++) {
      INDArray own = means.getRow(part).dup();
      INDArray ownVariance = variances.getRow(part).dup();
      norms.addMoments(rows[part], own, ownVariance, running, sumOfMeans, sumOfSquares, sumOfRows);
      for (int i = 0; i < channels; i++) {
        mean[i] += rows[part] / 9.0 * own.getDouble(i);
        square[i] += rows[part] / 9.0 * (Math.pow(own.getDouble(i), 2) + ownVariance.getDouble(i));
      }
    }
    double[] expectedMean = new double[(int) channels];
    double[] expectedVariance = new double[(int) channels];
    for (int i = 0; i < channels; i++) {
      double variance = square[i] - mean[i] * mean[i];
      expectedMean[i] = 0.75 * running.getDouble(i) + 0.25 * mean[i];
      expectedVariance[i] = 0.75 * runningVariance.getDouble(i) + 0.25 * variance;
    }
    assertEquals(9, sumOfRows.getDouble(0), 0);
    norms.follow(sumOfMeans, sumOfSquares, sumOfRows, 0.25, running, runningVariance, steps);
    assertEquals(5, steps.getDouble(0), 0);
    c.assertClose(expectedMean, running, "mean");
    c.assertClose(expectedVariance, runningVariance, "variance");
  }
}
