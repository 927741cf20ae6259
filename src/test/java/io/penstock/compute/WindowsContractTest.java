package io.penstock.compute;

import static io.penstock.nn.Data.assertSameBits;
import static io.penstock.nn.Data.values;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every kind's {@link Windows} keep to, against loops in double precision. */
class WindowsContractTest {
  private static final String FILTER = "filter";
  private static final Axis LINE = new Axis(1, 1, 1, 0, 0);

  /** Of a window's place and a number under it. */
  private interface Pair {
    /** Picture by picture of one channel, in which place, number and window's spot are counted. */
    void see(int picture, int place, int number, int spot);
  }

  /** Goes over all numbers under all places of all pictures, without what lies outside. */
  private static void forEach(Geometry geometry, Pair pair) {
    Axis v = geometry.vertical();
    Axis h = geometry.horizontal();
    for (int picture = 0; picture < geometry.rows() * geometry.channels(); picture++) {
      for (int p = 0; p < v.places() * h.places(); p++) {
        for (int spot = 0; spot < v.window() * h.window(); spot++) {
          long y = p / h.places() * v.stride() - v.before() + spot / h.window();
          long x = p % h.places() * h.stride() - h.before() + spot % h.window();
          if (y >= 0 && y < v.length() && x >= 0 && x < h.length()) {
            pair.see(picture, p, (int) (y * h.length() + x), spot);
          }
        }
      }
    }
  }

  private static List<Geometry> geometries(long rows, long channels) {
    List<Geometry> all = new ArrayList<>();
    for (long window : new long[] {1, 2, 3, 5}) {
      for (long stride : new long[] {1, 2}) {
        Axis inside = new Axis(7, window, stride, 0, 0);
        Axis padded = new Axis(9, window, stride, window / 2, window / 2);
        Axis same = Axis.same(8, window, stride);
        all.add(new Geometry(rows, channels, inside, padded));
        all.add(new Geometry(rows, channels, same, Axis.same(5, window, stride)));
        all.add(new Geometry(rows, channels, LINE, Axis.same(17, window, stride)));
      }
    }
    return all;
  }

  private static int count(long... shape) {
    long count = 1;
    for (long d : shape) {
      count *= d;
    }
    return (int) count;
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublasAndCudnn")
  void convolutionsGoThereAndBack(Computing c) {
    Compute compute = c.compute();
    for (long[] size : new long[][] {{1, 1, 1}, {3, 1, 8}, {2, 3, 17}, {1, 8, 16}, {3, 17, 3}}) {
      for (Geometry geometry : geometries(size[0], size[1])) {
        convolution(c, compute.windows(), geometry, size[2], true);
      }
      convolution(c, compute.windows(), geometries(size[0], size[1]).get(7), size[2], false);
    }
    compute.clear();
  }

  private static void convolution(
      Computing c, Windows windows, Geometry geometry, long outputs, boolean bias) {
    String message = geometry + " to " + outputs;
    long channels = geometry.channels();
    long height = geometry.vertical().window();
    long width = geometry.horizontal().window();
    Parameters weights = weights(c, List.of(outputs, channels, height, width));
    INDArray offsets = bias ? c.random(2, outputs) : null;
    INDArray x = c.random(3, geometry.pictures());
    INDArray g = c.random(4, geometry.places(outputs));
    // Row by row, where the weights lie in the other order.
    double[] filter = values(weights.get(FILTER));
    double[] numbers = values(x);
    double[] gradients = values(g);
    int places = count(geometry.vertical().places(), geometry.horizontal().places());
    int points = count(geometry.vertical().length(), geometry.horizontal().length());
    int area = count(height, width);
    double[] output = new double[count(geometry.places(outputs))];
    double[] inputGradient = new double[numbers.length];
    double[] filterGradient = new double[filter.length];
    double[] biasGradient = new double[(int) outputs];
    for (int i = 0; i < output.length; i++) {
      int o = (int) (i / places % outputs);
      output[i] = bias ? values(offsets)[o] : 0;
      biasGradient[o] += gradients[i];
    }
    forEach(
        geometry,
        (picture, place, number, spot) -> {
          int in = picture * points + number;
          int row = (int) (picture / channels);
          int channel = (int) (picture % channels);
          for (int o = 0; o < outputs; o++) {
            int out = (int) ((row * outputs + o) * places + place);
            int weight = (int) ((o * channels + channel) * area + spot);
            output[out] += numbers[in] * filter[weight];
            inputGradient[in] += gradients[out] * filter[weight];
            filterGradient[weight] += gradients[out] * numbers[in];
          }
        });

    INDArray result = c.room(geometry.places(outputs));
    windows.convolution(geometry, x, weights, FILTER, offsets, result);
    c.assertClose(output, result, "output, " + message);
    INDArray back = c.room(geometry.pictures());
    windows.convolutionInputGradient(geometry, g, weights, FILTER, bias, back);
    c.assertClose(inputGradient, back, "input gradient, " + message);
    Parameters sums = weights(c, List.of(outputs, channels, height, width));
    INDArray biasSum = bias ? c.random(2, outputs) : null;
    windows.convolutionWeightGradient(geometry, x, g, sums.get(FILTER), biasSum);
    for (int i = 0; i < filter.length; i++) {
      filterGradient[i] += filter[i];
    }
    c.assertClose(filterGradient, sums.get(FILTER), "added to the filter's, " + message);
    if (bias) {
      for (int i = 0; i < outputs; i++) {
        biasGradient[i] += values(offsets)[i];
      }
      c.assertClose(biasGradient, biasSum, "added to the bias's, " + message);
    }
    assertSameBits(c.random(3, geometry.pictures()), x, "the input is left alone");
    assertSameBits(c.random(4, geometry.places(outputs)), g, "the gradient is left alone");
    weights.close();
    sums.close();
  }

  private static Parameters weights(Computing c, List<Long> shape) {
    ParameterSpec spec = new ParameterSpec(FILTER, shape, Initializer.scaled(3, 1));
    return Parameters.initial(List.of(spec), 1, 0, c.type());
  }

  /** A filter may have been packed; it is not read again before it is said to have changed. */
  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublasAndCudnn")
  void aChangedFilterIsUsed(Computing c) {
    Windows windows = c.compute().windows();
    Geometry geometry = new Geometry(2, 8, LINE, new Axis(17, 3, 1, 1, 1));
    Parameters weights = weights(c, List.of(8L, 8L, 3L));
    INDArray x = c.random(1, 2, 8, 17);
    INDArray before = c.room(2, 8, 17);
    INDArray after = c.room(2, 8, 17);
    INDArray gradientBefore = c.room(2, 8, 17);
    INDArray gradientAfter = c.room(2, 8, 17);
    windows.convolution(geometry, x, weights, FILTER, null, before);
    windows.convolutionInputGradient(geometry, x, weights, FILTER, false, gradientBefore);
    weights.flat().muli(2);
    weights.changed();
    windows.convolution(geometry, x, weights, FILTER, null, after);
    windows.convolutionInputGradient(geometry, x, weights, FILTER, false, gradientAfter);
    assertSameBits(before.mul(2), after, "twice the filter");
    assertSameBits(gradientBefore.mul(2), gradientAfter, "twice the filter");
    weights.close();
  }

  /** Rows [channels, length] are pictures of height 1, filters likewise. */
  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublasAndCudnn")
  void aSequenceNeedsNoHeight(Computing c) {
    Windows windows = c.compute().windows();
    Geometry geometry = new Geometry(2, 3, LINE, new Axis(17, 3, 2, 1, 1));
    Parameters flat = weights(c, List.of(5L, 3L, 3L));
    Parameters high = weights(c, List.of(5L, 3L, 1L, 3L));
    INDArray line = c.room(2, 5, 9);
    INDArray picture = c.room(2, 5, 1, 9);
    windows.convolution(geometry, c.random(1, 2, 3, 17), flat, FILTER, null, line);
    windows.convolution(geometry, c.random(1, 2, 3, 1, 17), high, FILTER, null, picture);
    assertSameBits(picture.reshape('c', 2, 5, 9), line, "convolution");
    INDArray lines = c.room(2, 3, 9);
    INDArray pictures = c.room(2, 3, 1, 9);
    pool(c, windows, geometry, true, c.random(1, 2, 3, 17), lines);
    pool(c, windows, geometry, true, c.random(1, 2, 3, 1, 17), pictures);
    assertSameBits(pictures.reshape('c', 2, 3, 9), lines, "pooling");
  }

  private static INDArray pool(
      Computing c, Windows windows, Geometry geometry, boolean largest, INDArray x, INDArray out) {
    long keeps = windows.poolingKeeps(geometry, largest);
    INDArray kept = keeps == 0 ? null : c.room(keeps);
    windows.pooling(geometry, largest, x, kept, out);
    return kept;
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublas")
  void poolingGoesThereAndBack(Computing c) {
    Compute compute = c.compute();
    for (long[] size : new long[][] {{1, 1}, {3, 3}, {2, 8}, {1, 17}, {33, 7}}) {
      for (Geometry geometry : geometries(size[0], size[1])) {
        largest(c, compute.windows(), geometry);
        mean(c, compute.windows(), geometry);
      }
    }
    compute.clear();
  }

  private static void largest(Computing c, Windows windows, Geometry geometry) {
    long[] shape = geometry.places(geometry.channels());
    // All below zero, so that padding would be the largest if it counted.
    INDArray x = c.random(3, geometry.pictures()).subi(2);
    INDArray g = c.random(4, shape);
    double[] numbers = values(x);
    double[] gradients = values(g);
    int places = count(shape[2], shape[3]);
    int points = count(geometry.vertical().length(), geometry.horizontal().length());
    int[] chosen = new int[count(shape)];
    Arrays.fill(chosen, -1);
    forEach(
        geometry,
        (picture, place, number, spot) -> {
          int out = picture * places + place;
          int in = picture * points + number;
          if (chosen[out] < 0 || numbers[in] > numbers[chosen[out]]) {
            chosen[out] = in;
          }
        });
    double[] output = new double[chosen.length];
    double[] inputGradient = new double[numbers.length];
    for (int out = 0; out < chosen.length; out++) {
      output[out] = numbers[chosen[out]];
      inputGradient[chosen[out]] += gradients[out];
    }
    check(c, windows, geometry, true, x, g, output, inputGradient);
  }

  private static void mean(Computing c, Windows windows, Geometry geometry) {
    long[] shape = geometry.places(geometry.channels());
    INDArray x = c.random(3, geometry.pictures());
    INDArray g = c.random(4, shape);
    double[] numbers = values(x);
    double[] gradients = values(g);
    int places = count(shape[2], shape[3]);
    int points = count(geometry.vertical().length(), geometry.horizontal().length());
    double[] seen = new double[count(shape)];
    double[] output = new double[seen.length];
    double[] inputGradient = new double[numbers.length];
    forEach(geometry, (picture, place, number, spot) -> seen[picture * places + place]++);
    forEach(
        geometry,
        (picture, place, number, spot) -> {
          int out = picture * places + place;
          int in = picture * points + number;
          output[out] += numbers[in] / seen[out];
          inputGradient[in] += gradients[out] / seen[out];
        });
    check(c, windows, geometry, false, x, g, output, inputGradient);
  }

  private static void check(
      Computing c,
      Windows windows,
      Geometry geometry,
      boolean largest,
      INDArray x,
      INDArray g,
      double[] output,
      double[] inputGradient) {
    String message = (largest ? "largest of " : "mean of ") + geometry;
    INDArray before = x.dup();
    INDArray result = c.room(geometry.places(geometry.channels()));
    INDArray kept = pool(c, windows, geometry, largest, x, result);
    c.assertClose(output, result, message);
    INDArray back = c.room(geometry.pictures());
    windows.poolingGradient(geometry, largest, x, kept, g, back);
    c.assertClose(inputGradient, back, "gradient of " + message);
    assertSameBits(before, x, "the input is left alone");
    assertSameBits(c.random(4, g.shape()), g, "the output gradient is left alone");
  }

  @Test
  void waysThatNotEveryKindHasKernelsForAreRefused() {
    Axis uneven = new Axis(7, 3, 1, 0, 2);
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Geometry(1, 1, uneven, LINE))
            .getMessage();
    assertTrue(
        message.contains("padded by 0 before and 2 behind") && message.contains("Axis.same"),
        message);
  }
}
