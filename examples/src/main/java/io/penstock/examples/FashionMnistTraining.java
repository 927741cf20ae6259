package io.penstock.examples;

import io.penstock.ml.PipelineParallelClassifier;
import java.io.IOException;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Trains a perceptron to tell clothing on Fashion-MNIST, one executor a stage, inside an ML
 * pipeline; then saves that, loads it again and uses it.
 *
 * <p>{@code examples/run fashion-mnist [--stages 2] [--micro-batches 4] [--schedule 1f1b]
 * [--virtual 1] [--epochs 12] [--batch-size 256] [--learning-rate 0.001] [--data FOLDER] [--model
 * FOLDER]}
 */
public final class FashionMnistTraining {
  private static final Example EXAMPLE =
      FashionRun.example(
          "fashion-mnist",
          "Trains a perceptron to tell clothing on Fashion-MNIST, saves it, loads it and uses it",
          12,
          256,
          0.001);

  private static final int[] LAYERS = {FashionMnist.FEATURES, 256, 128, 100, FashionMnist.CLASSES};

  /** The last steps are small ones: after so many epochs the learning rate is so much less. */
  private static final double DECAY = 0.4;

  private static final int DECAYS = 3;

  private FashionMnistTraining() {}

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> train(options).print());
  }

  private static Result train(Options options) throws IOException {
    double learningRate = options.number("learning-rate");
    double period = Math.max(1, Math.ceil(options.count("epochs") / (DECAYS + 1.0)));
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setLayers(LAYERS)
            .setUpdater(
                new Adam(new StepSchedule(ScheduleType.EPOCH, learningRate, DECAY, period)));
    return new FashionRun(EXAMPLE.name(), options, classifier).run();
  }
}
