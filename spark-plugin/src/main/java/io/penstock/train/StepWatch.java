package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.nn.Parameters;
import io.penstock.nn.Skip;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Watch over a rank's numbers in a step. Where bad numbers end the run, the first look that finds
 * one throws. Where they have the step skipped, the rank goes on, for its peers wait for what it
 * makes, and the watch remembers which of the bad numbers that it met is the first; what they make
 * of other numbers later in their micro-batch is not looked at. For the rank's thread.
 */
final class StepWatch {
  private final NumberWatch numbers;
  private final boolean skips;
  private boolean remembers;
  private BadNumber first;

  /**
   * @param numbers finds bad numbers
   * @param skips whether steps of training that have such are skipped
   */
  StepWatch(NumberWatch numbers, boolean skips) {
    this.numbers = numbers;
    this.skips = skips;
  }

  /** Returns whether steps of training are skipped for bad numbers. */
  boolean skips() {
    return skips;
  }

  /** Begins a mini-batch to train on: see {@link NumberWatch#at}. */
  void train(int epoch, int step, int steps) {
    first = null;
    remembers = skips;
    numbers.at("", epoch, step, steps);
  }

  /** Begins a mini-batch of validation rows, of which a bad number ends the run in any case. */
  void validate(int epoch, int step, int steps) {
    remembers = false;
    numbers.at(" of validation", epoch, step, steps);
  }

  /** Returns the first bad number that this rank met in the step, in the order of those. */
  Optional<BadNumber> first() {
    return Optional.ofNullable(first);
  }

  /** Returns what throws at every bad number, for what an update makes. */
  NumberWatch numbers() {
    return numbers;
  }

  /** Looks at a stage's output: see {@link NumberWatch#output}. */
  void output(Stage stage, int microBatch, Loan input, Map<Skip, Loan> saved, INDArray output) {
    if (isOpen(microBatch)) {
      try {
        numbers.output(stage, microBatch, input, saved, output);
      } catch (DivergedException bad) {
        met(bad);
      }
    }
  }

  /** Looks at a micro-batch's loss: see {@link NumberWatch#loss}. */
  void loss(int microBatch, double score, INDArray gradient) {
    if (isOpen(microBatch)) {
      try {
        numbers.loss(microBatch, score, gradient);
      } catch (DivergedException bad) {
        met(bad);
      }
    }
  }

  /** Looks at the gradient of a stage's input: see {@link NumberWatch#inputGradient}. */
  void inputGradient(Stage stage, int microBatch, Loan inputGradient) {
    if (isOpen(microBatch)) {
      try {
        numbers.inputGradient(stage, microBatch, inputGradient);
      } catch (DivergedException bad) {
        met(bad);
      }
    }
  }

  /**
   * Looks at a layer's gradients of the mini-batch: see {@link NumberWatch#gradient}.
   *
   * @param anySize whether they may be so large that their squares are infinite, for others are
   *     added to them or they are clipped
   */
  void gradient(int layer, Parameters gradients, boolean anySize) {
    if (isOpen(BadNumber.ALL)) {
      try {
        boolean squares = numbers.gradient(layer, gradients);
        if (!squares && !anySize) {
          throw numbers.tooLarge(layer);
        }
      } catch (DivergedException bad) {
        met(bad);
      }
    }
  }

  /**
   * Returns whether a look may find the first bad number. On one rank those of a micro-batch are
   * met in their order.
   */
  private boolean isOpen(int microBatch) {
    return first == null || microBatch < first.microBatch();
  }

  private void met(DivergedException bad) {
    if (!remembers) {
      throw bad;
    }
    first = bad.found();
  }
}
