package io.penstock.examples;

import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer that only sleeps, to see what a schedule does where computing takes no core: every rank
 * can be at work at once on a machine with fewer cores than ranks.
 *
 * @param forwardNanos length of the forward
 * @param inputNanos length of the input gradient
 * @param weightNanos length of the weight gradient
 */
record SleepLayer(long forwardNanos, long inputNanos, long weightNanos) implements Layer {
  private static final long LATE_NANOS = 200_000;

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  /** One number, so that there is a weight gradient to wait for. */
  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(new ParameterSpec("sleep", List.of(1L), Initializer.zeros()));
  }

  @Override
  public long flops(Shape input) {
    return forwardNanos;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    sleep(forwardNanos);
    return new Forward(
        input,
        new Backward() {
          @Override
          public INDArray inputGradient(INDArray outputGradient) {
            sleep(inputNanos);
            return outputGradient;
          }

          @Override
          public void weightGradient(INDArray outputGradient, Parameters gradients) {
            sleep(weightNanos);
          }
        });
  }

  /** Parks, and spins at the end: a park ends late, by a share that the timer has of its own. */
  private static void sleep(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      if (left > LATE_NANOS) {
        LockSupport.parkNanos(left - LATE_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
