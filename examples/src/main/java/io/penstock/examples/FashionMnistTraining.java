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
  private static final String NAME = "fashion-mnist";
  private static final int[] LAYERS = {FashionMnist.FEATURES, 256, 128, 100, FashionMnist.CLASSES};

  /** The last steps are small ones: after so many epochs the learning rate is so much less. */
  private static final double DECAY = 0.4;

  private static final int DECAYS = 3;

  private FashionMnistTraining() {}

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws IOException {
    FashionRun.main(NAME, FashionMnistTraining::train, arguments);
  }

  private static Result train(String[] arguments) throws IOException {
    Options options =
        FashionRun.parse(arguments, "epochs=12", "batch-size=256", "learning-rate=0.001");
    double learningRate = FashionRun.learningRate(options);
    double period = Math.max(1, Math.ceil(options.count("epochs") / (DECAYS + 1.0)));
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setLayers(LAYERS)
            .setUpdater(
                new Adam(new StepSchedule(ScheduleType.EPOCH, learningRate, DECAY, period)));
    return new FashionRun(NAME, options, classifier).run();
  }
}
