package io.penstock.gpucheck;

import io.penstock.compute.Updates;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Convolution;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.util.List;

/**
 * Reference network, trained for some steps. Immutable.
 *
 * @param name that it has elsewhere too
 * @param network the network; its loss takes class numbers, of a row or of each place of a sequence
 * @param checked rows of a step that is held to double precision
 * @param batch rows of a step that is timed
 * @param rule of the optimizer, as at the first step
 */
record Work(String name, Sequential network, int checked, int batch, Updates.Rule rule) {
  private static final double EPSILON = 1e-8;

  /**
   * Returns the reference networks; small ones of the same layers for a stand-in.
   *
   * @param small whether sizes are small
   */
  static List<Work> all(boolean small) {
    return small
        ? List.of(
            new Work("W0, small", Sequential.perceptron(37, 24, 16, 10), 16, 16, adam(1e-3)),
            new Work("W1, small", Sequential.perceptron(37, 64, 64, 10), 16, 16, nesterovs()),
            new Work("W2, small", gpt(32, 8, 16, 2, 2), 3, 3, adam(1e-3)),
            new Work("W3, small", pictures(8, 3, 5, 16), 4, 4, adam(2e-3)),
            new Work("recurrent, small", recurrent(32, 6, 8), 5, 5, adam(1e-3)))
        : List.of(
            new Work("W0", Sequential.perceptron(784, 256, 128, 100, 10), 128, 128, adam(1e-3)),
            new Work("W1", wide(), 32, 512, nesterovs()),
            new Work("W2", gpt(1024, 64, 256, 8, 4), 1, 32, adam(1e-3)),
            new Work("W3", pictures(28, 32, 64, 128), 8, 128, adam(2e-3)),
            new Work("recurrent", recurrent(1000, 20, 128), 8, 64, adam(1e-3)));
  }

  private static Updates.Rule nesterovs() {
    return new Updates.Nesterovs(0.01, 0.9);
  }

  /** Adam at its first step, with the rate corrected for moments that begin at zero. */
  private static Updates.Rule adam(double rate) {
    double corrected = Math.sqrt(1 - 0.999) / (1 - 0.9);
    return new Updates.Adam(rate * corrected, 0.9, 0.999, EPSILON * Math.sqrt(1 - 0.999));
  }

  private static Sequential wide() {
    return Sequential.perceptron(784, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 10);
  }

  private static Sequential gpt(int vocabulary, int length, int width, int blocks, int heads) {
    NetworkBuilder network =
        Sequential.input(length).embedding(vocabulary, width).positions(length);
    for (int block = 0; block < blocks; block++) {
      network.transformerBlock(heads, 4L * width, true, 0);
    }
    return network.layerNorm().dense(vocabulary).loss(Losses.softmaxCrossEntropy()).build();
  }

  private static Sequential pictures(int side, int first, int second, int dense) {
    NetworkBuilder builder = Sequential.input(1, side, side);
    for (long channels : new long[] {first, second}) {
      builder
          .layer(new Convolution(channels, Window.of(3, 3).same(), false, Activation.RELU.gain()))
          .maxPool(Window.of(2, 2).apart())
          .batchNorm()
          .activation(Activation.RELU);
    }
    return builder
        .flatten()
        .dense(dense, Activation.RELU)
        .dropout(0.3)
        .dense(10)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static Sequential recurrent(int vocabulary, int length, int width) {
    return Sequential.input(length)
        .embedding(vocabulary, width)
        .lstm(width)
        .gru(width)
        .lastStep()
        .dense(10)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  /** Returns how many numbers a row of the input has. */
  int width() {
    return Math.toIntExact(network.input().size());
  }

  /** Returns how many classes there are. */
  int classes() {
    return Math.toIntExact(network.output().dims().get(network.output().rank() - 1));
  }

  /** Returns how many ids there are, of which rows are sequences; 0 where they are numbers. */
  int ids() {
    return Math.toIntExact(network.vocabulary().orElse(0L));
  }

  /** Returns how many labels a row has. */
  int labels() {
    return Math.toIntExact(network.output().size() / classes());
  }

  /**
   * Returns the floating-point operations of a row in a step, whose backward costs two forwards.
   */
  double flops() {
    double forward = 0;
    for (int layer = 0; layer < network.layers().size(); layer++) {
      forward += network.flops(layer);
    }
    return 3 * forward;
  }
}
