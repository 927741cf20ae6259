package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Recurrent layer, which takes sequences {@code [length, in]} step by step, from a state of zeros,
 * to {@code [length, width]}. Immutable.
 */
interface Recurrent extends Layer {
  /** Returns how many numbers the state has. */
  long width();

  /** Returns the words that messages begin with, such as "An LSTM". */
  String called();

  /** Returns a pass over these sequences that has not begun. */
  RecurrentPass pass(INDArray input, Parameters parameters, Memory memory);

  /**
   * Checks a width.
   *
   * @throws ShapeException if the state has no numbers
   */
  static void checkWidth(String called, long width) {
    if (width < 1) {
      throw new ShapeException(called + " cannot have a width of " + width + "; give 1 or more.");
    }
  }

  /**
   * Returns the specifications of both matrices and the inputs' bias, of this many gates a unit.
   */
  static List<ParameterSpec> parameters(Shape input, long width, int gates) {
    long in = Sequences.width(input);
    long all = gates * width;
    return List.of(
        new ParameterSpec(RecurrentPass.WEIGHTS, List.of(in, all), Initializer.scaled(in, 1)),
        new ParameterSpec(RecurrentPass.BIAS, List.of(all), Initializer.zeros()),
        new ParameterSpec(RecurrentPass.STATE, List.of(width, all), Initializer.scaled(width, 1)));
  }

  @Override
  default boolean computesAnywhere() {
    return true;
  }

  @Override
  default Shape outputShape(Shape input) {
    return Sequences.withWidth(Sequences.checked(called(), input), width());
  }

  @Override
  default Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Sequences.check(called(), input, parameters.get(RecurrentPass.WEIGHTS).size(0));
    RecurrentPass run = pass(input, parameters, pass.memory());
    return new Forward(run.forward(pass), run);
  }
}
