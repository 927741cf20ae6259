package io.penstock.compute.plain;

import io.penstock.array.Numbers;
import io.penstock.compute.Losses;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Differences between outputs and what is wanted of them, in double precision and in one order,
 * whatever a native reduction would choose. Immutable.
 *
 * @param kind of difference
 * @param parameter as {@link Losses#numbers} has it
 */
record NumberDifference(Losses.Difference kind, double parameter) {
  /** Computes {@link Losses#numbers}. */
  double run(INDArray outputs, Losses.WantedNumbers wanted, double scale, INDArray gradient) {
    Numbers y = Numbers.of(outputs);
    Numbers g = gradient == null ? null : Numbers.into(gradient);
    long rows = outputs.size(0);
    long width = outputs.size(1);
    double sum = 0;
    for (long row = 0; row < rows; row++) {
      double weight = wanted.weight(row);
      double rowScale = scale * weight / width;
      for (long i = row * width; i < (row + 1) * width; i++) {
        double output = y.get(i);
        double label = wanted.label(i);
        sum += weight * loss(output, label);
        if (g != null) {
          g.put(i, rowScale * slope(output, label));
        }
      }
    }
    return sum / width;
  }

  /** Returns the loss of one output. */
  private double loss(double output, double label) {
    double difference = output - label;
    double size = Math.abs(difference);
    return switch (kind) {
      case SQUARED -> difference * difference;
      case ABSOLUTE -> size;
      case HUBER -> size <= parameter ? size * size / 2 : parameter * (size - parameter / 2);
      // log(1 + exp(output)) - label · output, in a form that cannot overflow.
      case SIGMOID ->
          Math.max(output, 0) - label * output + Math.log1p(Math.exp(-Math.abs(output)));
    };
  }

  /** Returns the derivative of the loss with respect to the output. */
  private double slope(double output, double label) {
    double difference = output - label;
    return switch (kind) {
      case SQUARED -> 2 * difference;
      case ABSOLUTE -> Math.signum(difference);
      case HUBER ->
          Math.abs(difference) > parameter ? Math.copySign(parameter, difference) : difference;
      case SIGMOID -> {
        double power = Math.exp(-Math.abs(output));
        yield (output >= 0 ? 1 : power) / (1 + power) - label;
      }
    };
  }
}
