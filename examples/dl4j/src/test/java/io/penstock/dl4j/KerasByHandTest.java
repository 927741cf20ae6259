package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.loss.Losses;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Layers that DL4J's import reads otherwise, or not: against what Keras computes, by hand. */
class KerasByHandTest {
  @TempDir Path folder;

  @Test
  void flattenedPictureIsByHandAsKerasFlattensIt() throws Exception {
    // A convolution of 1 x 1 that makes two channels: x and 10 x.
    INDArray kernel = Nd4j.createFromArray(new float[][][][] {{{{1, 10}}}});
    // Keras flattens [height, width, channel].
    INDArray weights = Nd4j.createFromArray(new float[] {1, 2, 3, 4, 5, 6, 7, 8}).reshape(8, 1);
    Path file =
        new KerasFile()
            .input(2, 2, 1)
            .layer(
                "Conv2D",
                "conv",
                KerasFile.conv(2, "[1, 1]", "valid", "linear"),
                Map.of("kernel", kernel, "bias", Nd4j.zeros(2)))
            .layer("Flatten", "flatten", "'data_format': 'channels_last'", Map.of())
            .dense("dense", 1, "linear", weights, Nd4j.createFromArray(new float[] {0.5f}))
            .compiled("'mse'")
            .write(folder.resolve("hand.h5"));
    INDArray picture = Nd4j.createFromArray(new float[][][][] {{{{1, 2}, {3, 4}}}});
    double expected = 0.5;
    for (int point = 0; point < 4; point++) {
      int x = point + 1;
      expected += x * (2 * point + 1) + 10 * x * (2 * point + 2);
    }
    assertEquals(expected, KerasNetworks.read(file).predict(picture).getDouble(0), 1e-4);
  }

  @Test
  void lstmIsByHandWhatKerasComputes() throws Exception {
    // Keras: input, forget, candidate, output.
    INDArray kernel = Nd4j.createFromArray(new float[][] {{1.1f, 0.7f, 0.5f, -0.3f}});
    INDArray recurrent = Nd4j.createFromArray(new float[][] {{0.6f, 0.2f, -0.4f, 0.9f}});
    INDArray bias = Nd4j.createFromArray(new float[] {-0.2f, 1, 0.1f, 0.3f});
    Path file =
        new KerasFile()
            .input(2, 1)
            .layer(
                "LSTM",
                "lstm",
                KerasFile.lstm(1, false),
                KerasFile.lstmWeights(kernel, recurrent, bias))
            .compiled("'mean_absolute_error'")
            .write(folder.resolve("lstm.h5"));
    double h = 0;
    double c = 0;
    for (double x : new double[] {0.8, -1.3}) {
      double input = sigmoid(1.1 * x + 0.6 * h - 0.2);
      double forget = sigmoid(0.7 * x + 0.2 * h + 1);
      double candidate = Math.tanh(0.5 * x - 0.4 * h + 0.1);
      double output = sigmoid(-0.3 * x + 0.9 * h + 0.3);
      c = forget * c + input * candidate;
      h = output * Math.tanh(c);
    }
    TrainedNetwork here = KerasNetworks.read(file);
    INDArray rows = Nd4j.createFromArray(new float[][][] {{{0.8f}, {-1.3f}}});
    assertEquals(h, here.predict(rows).getDouble(0), 1e-6);
    assertEquals(Losses.absoluteError(), here.network().loss());
  }

  @Test
  void signalsAreByHandWhatKerasComputes() throws Exception {
    // [length, channels, outputs]
    INDArray kernel = KerasFile.numbers(2, 3, 2);
    INDArray bias = KerasFile.numbers(2);
    INDArray weights = KerasFile.numbers(2 * 2, 1);
    Path file =
        new KerasFile()
            .input(5, 3)
            .layer(
                "Conv1D",
                "conv",
                "'filters': 2, 'kernel_size': [2], 'strides': [1], 'padding': 'valid',"
                    + " 'data_format': 'channels_last', 'dilation_rate': [1], 'groups': 1,"
                    + " 'activation': 'linear', 'use_bias': true, "
                    + KerasFile.initializers(),
                Map.of("kernel", kernel, "bias", bias))
            .layer(
                "MaxPooling1D",
                "pool",
                "'strides': [2], 'pool_size': [2], 'padding': 'valid', 'data_format':"
                    + " 'channels_last'",
                Map.of())
            .layer("Flatten", "flatten", "'data_format': 'channels_last'", Map.of())
            .dense("dense", 1, "linear", weights, KerasFile.numbers(1))
            .compiled("'mse'")
            .write(folder.resolve("signals.h5"));
    INDArray rows = Nd4j.rand(4, 5, 3);
    double[] expected = new double[4];
    for (int row = 0; row < 4; row++) {
      expected[row] = KerasFile.numbers(1).getDouble(0);
      for (int place = 0; place < 2; place++) {
        for (int out = 0; out < 2; out++) {
          double most = Double.NEGATIVE_INFINITY;
          for (int at = 2 * place; at < 2 * place + 2; at++) {
            double sum = bias.getDouble(out);
            for (int k = 0; k < 2; k++) {
              for (int channel = 0; channel < 3; channel++) {
                sum += rows.getDouble(row, at + k, channel) * kernel.getDouble(k, channel, out);
              }
            }
            most = Math.max(most, sum);
          }
          expected[row] += most * weights.getDouble(place * 2 + out);
        }
      }
    }
    TrainedNetwork here = KerasNetworks.read(file);
    INDArray actual = here.predict(rows.permute(0, 2, 1).dup('c'));
    RoundTrip.close(Nd4j.createFromArray(expected).castTo(DataType.FLOAT).reshape(4, 1), actual);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
