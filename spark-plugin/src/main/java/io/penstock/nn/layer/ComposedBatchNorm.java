package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation by ND4J's operations, for its other backends and for double precision. All
 * arrays here are {@code [rows, channels, points]}, or {@code [1, channels, 1]}.
 *
 * @param normal the input with mean 0 and variance 1
 * @param deviation of each channel
 */
record ComposedBatchNorm(
    long[] shape,
    boolean training,
    INDArray normal,
    INDArray mean,
    INDArray variance,
    INDArray deviation,
    Parameters parameters,
    Memory memory)
    implements Backward {
  /** Rows and points. */
  private static final int[] OVER = {0, 2};

  /**
   * @param input densely in 'c' order
   */
  static Forward forward(BatchNorm layer, INDArray input, Parameters parameters, Pass pass) {
    INDArray x = points(input, parameters);
    RunningStatistics running = new RunningStatistics(parameters);
    INDArray mean = pass.training() ? x.mean(OVER) : running.mean();
    INDArray centred = x.sub(each(mean));
    INDArray variance = pass.training() ? centred.mul(centred).mean(OVER) : running.variance();
    INDArray deviation = Transforms.sqrt(each(variance).add(layer.epsilon()));
    INDArray normal = centred.div(deviation);
    INDArray output =
        normal
            .mul(each(parameters.get(BatchNorm.SCALE)))
            .add(each(parameters.get(BatchNorm.SHIFT)));
    return new Forward(
        pass.memory().dense(output).reshape('c', input.shape()),
        new ComposedBatchNorm(
            input.shape(),
            pass.training(),
            normal,
            mean,
            variance,
            deviation,
            parameters,
            pass.memory()));
  }

  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    INDArray g = points(memory.dense(outputGradient), parameters);
    if (training) {
      // Mean and variance depend on the input too.
      INDArray along = normal.mul(each(g.mul(normal).mean(OVER)));
      g = g.sub(each(g.mean(OVER))).sub(along);
    }
    INDArray result = g.mul(each(parameters.get(BatchNorm.SCALE)).div(deviation));
    return memory.dense(result).reshape('c', shape);
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {
    INDArray g = points(memory.dense(outputGradient), parameters);
    gradients.get(BatchNorm.SCALE).addi(g.mul(normal).sum(OVER));
    gradients.get(BatchNorm.SHIFT).addi(g.sum(OVER));
    if (training) {
      new RunningStatistics(parameters).add(shape[0], mean, variance, gradients);
    }
  }

  private static INDArray points(INDArray dense, Parameters parameters) {
    long channels = parameters.get(BatchNorm.SCALE).length();
    long rows = dense.size(0);
    return dense.reshape('c', rows, channels, dense.length() / (rows * channels));
  }

  private static INDArray each(INDArray channels) {
    return channels.reshape('c', 1, channels.length(), 1);
  }
}
