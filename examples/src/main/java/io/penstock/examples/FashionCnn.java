package io.penstock.examples;

import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Convolution;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import java.io.IOException;

/**
 * Trains a convolutional network to tell clothing on Fashion-MNIST, one executor a stage; then
 * saves it, loads it again and uses it.
 *
 * <p>{@code examples/run fashion-cnn [--stages 2] [--micro-batches 4] [--schedule 1f1b] [--virtual
 * 1] [--epochs 6] [--batch-size 128] [--learning-rate 0.002] [--data FOLDER] [--model FOLDER]}
 */
public final class FashionCnn {
  private static final Example EXAMPLE =
      FashionRun.example(
          "fashion-cnn",
          "Trains a convolutional network to tell clothing on Fashion-MNIST, saves it and uses it",
          new FashionRun.Defaults(6, 128, 0.002, "1f1b", false));

  private static final long SIDE = 28;
  private static final Window WINDOW = Window.of(3, 3).same();
  private static final double DROPOUT = 0.3;

  private FashionCnn() {}

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> train(options).print());
  }

  /** Does what {@link #main} does, and leaves printing the result and exiting to the caller. */
  static Result train(String... arguments) throws IOException {
    return train(EXAMPLE.parse(arguments));
  }

  private static Result train(Options options) throws IOException {
    Updater updater =
        Updater.adam(options.number("learning-rate"))
            .with(UpdateOptions.NONE.withDecay(RateDecay.COSINE));
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier().setNetwork(network()).setUpdater(updater.toJson());
    return new FashionRun(EXAMPLE.name(), options, classifier).run();
  }

  /**
   * The network: rows of 784 pixels or {@code [1, 28, 28]}; two convolutions of 32 and 64 channels,
   * each pooled, normalised and cut off at 0, then dense layers of 128 and 10.
   */
  public static Sequential network() {
    NetworkBuilder builder = Sequential.input(1, SIDE, SIDE);
    for (long channels : new long[] {32, 64}) {
      builder
          // Batch normalisation's shift is a bias already.
          .layer(new Convolution(channels, WINDOW, false, Activation.RELU.gain()))
          // First the pooling: what follows then has a quarter of the numbers.
          .maxPool(Window.of(2, 2).apart())
          .batchNorm()
          .activation(Activation.RELU);
    }
    return builder
        .flatten()
        .dense(128, Activation.RELU)
        .dropout(DROPOUT)
        .dense(FashionMnist.CLASSES)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }
}
