package io.penstock.ui;

import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import java.util.concurrent.locks.LockSupport;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer that takes its time and no core, so that four stages look on two cores as they would on
 * four machines.
 *
 * @param millis how long its forward takes; its backward takes twice that
 */
record Pause(long millis) implements Layer {
  /** More than any other layer has, as it takes longer than any. */
  private static final long FLOPS_PER_MILLI = 100_000_000;

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public long flops(Shape input) {
    return millis * FLOPS_PER_MILLI;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    sleep(millis);
    return new Forward(
        input,
        new Backward() {
          @Override
          public INDArray inputGradient(INDArray outputGradient) {
            sleep(2 * millis);
            return outputGradient;
          }

          @Override
          public void weightGradient(INDArray outputGradient, Parameters gradients) {}
        });
  }

  private static void sleep(long millis) {
    long end = System.nanoTime() + 1_000_000 * millis;
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
