package io.penstock.examples;

import io.penstock.ml.PipelineParallelClassifier;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Trains a perceptron to tell clothing on Fashion-MNIST, one executor a stage, inside an ML
 * pipeline; then saves that, loads it again and uses it.
 *
 * <p>The defaults are such that two executors are quicker than one on two cores: both stages
 * compute as long, a micro-batch computes many times as long as it takes to hand over, and the
 * schedule has other work to do meanwhile. {@code --hidden 256,128,100 --batch-size 128 --schedule
 * 1f1b} are such that they are not, and the log says why.
 *
 * <p>{@code examples/run fashion-mnist [--stages 2] [--micro-batches 4] [--schedule zb-h2]
 * [--virtual 1] [--epochs 12] [--batch-size 1024] [--learning-rate 0.002] [--hidden 512,512]
 * [--data FOLDER] [--model FOLDER] [--compare yes]}
 */
public final class FashionMnistTraining {
  private static final Example EXAMPLE =
      FashionRun.example(
          "fashion-mnist",
          "Trains a perceptron to tell clothing on Fashion-MNIST, saves it, loads it and uses it",
          new FashionRun.Defaults(12, 1024, 0.002, "zb-h2", true),
          Option.counts("hidden", "512,512", "widths of the hidden layers"));

  /** The last steps are small ones: after so many epochs the learning rate is so much less. */
  private static final double DECAY = 0.4;

  private static final int DECAYS = 3;

  private FashionMnistTraining() {}

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> of(options).run().print());
  }

  /** What the command line asks for, not begun yet. */
  static FashionRun of(String... arguments) {
    return of(EXAMPLE.parse(arguments));
  }

  private static FashionRun of(Options options) {
    double learningRate = options.number("learning-rate");
    double period = Math.max(1, Math.ceil(options.count("epochs") / (DECAYS + 1.0)));
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setLayers(layers(options.counts("hidden")))
            .setUpdater(
                new Adam(new StepSchedule(ScheduleType.EPOCH, learningRate, DECAY, period)));
    return new FashionRun(EXAMPLE.name(), options, classifier);
  }

  private static int[] layers(int[] hidden) {
    return IntStream.concat(
            IntStream.concat(IntStream.of(FashionMnist.FEATURES), Arrays.stream(hidden)),
            IntStream.of(FashionMnist.CLASSES))
        .toArray();
  }
}
