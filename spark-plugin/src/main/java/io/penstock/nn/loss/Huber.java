package io.penstock.nn.loss;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Huber loss: see {@link Losses#huber}. */
record Huber(@JsonProperty("delta") double delta) implements NumberLoss {
  @JsonCreator
  Huber {
    if (!(delta > 0) || !Double.isFinite(delta)) {
      throw new IllegalArgumentException(
          "A Huber loss cannot turn into a line at "
              + delta
              + "; give a positive number in the labels' unit, such as 1, or take absoluteError or"
              + " squaredError.");
    }
  }

  @Override
  public String name() {
    return "huber";
  }

  @Override
  public io.penstock.compute.Losses.Difference difference() {
    return io.penstock.compute.Losses.Difference.HUBER;
  }

  @Override
  public double parameter() {
    return delta;
  }
}
